package io.edgeship.bucket.s3;

import io.edgeship.bucket.CertificateClock;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// The JDK's own check of a server's certificates (chain, name, algorithms), by a time that is not the wall clock's
/// (I6).
///
/// In the handshake all that is known is how late it is at least. So a chain passes if there is a time from then on at
/// which all of it is valid: the one that begins last has begun, and none has expired. What the reply says of the time
/// then decides ([#check]). Thread-safe.
final class DatedTrust extends X509ExtendedTrustManager {
    /// A chain that was valid is looked at again after so long.
    private static final Duration CHECK_EVERY = Duration.ofHours(1);

    private static final String ALGORITHM = "PKIX";

    private final Set<TrustAnchor> anchors;
    private final CertificateClock clock;
    private volatile @Nullable Accepted accepted;

    /// @param checkedAt by the date of a reply; null before the first
    private record Accepted(Chain chain, @Nullable Instant checkedAt) {}

    /// What a server showed.
    private record Chain(X509Certificate[] certificates, String type) {
        Instant latestBegin(Instant least) {
            return Arrays.stream(certificates)
                    .map(certificate -> certificate.getNotBefore().toInstant())
                    .filter(least::isBefore)
                    .max(Instant::compareTo)
                    .orElse(least);
        }
    }

    private DatedTrust(Set<TrustAnchor> anchors, CertificateClock clock) {
        this.anchors = anchors;
        this.clock = clock;
    }

    /// @param authorities null for the system's
    static DatedTrust in(@Nullable KeyStore authorities, CertificateClock clock) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(ALGORITHM);
        factory.init(authorities);
        Set<TrustAnchor> anchors = Arrays.stream(only(factory).getAcceptedIssuers())
                .map(authority -> new TrustAnchor(authority, null))
                .collect(Collectors.toUnmodifiableSet());
        if (anchors.isEmpty()) {
            throw new CertificateException("no authority to trust");
        }
        return new DatedTrust(anchors, clock);
    }

    private static X509ExtendedTrustManager only(TrustManagerFactory factory) {
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new IllegalStateException("the JDK has no extended trust manager");
    }

    /// The JDK's check at that time.
    private X509ExtendedTrustManager at(Instant time) throws CertificateException {
        try {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
            parameters.setDate(Date.from(time));
            parameters.setRevocationEnabled(false); // as the JDK does unless told otherwise
            TrustManagerFactory factory = TrustManagerFactory.getInstance(ALGORITHM);
            factory.init(new CertPathTrustManagerParameters(parameters));
            return only(factory);
        } catch (GeneralSecurityException e) {
            throw new CertificateException(e);
        }
    }

    /// One way to ask the JDK.
    private interface Question {
        void to(X509ExtendedTrustManager jdk) throws CertificateException;
    }

    private void handshake(X509Certificate[] certificates, String type, Question question) throws CertificateException {
        Chain chain = new Chain(certificates.clone(), type);
        Instant time = chain.latestBegin(clock.atLeast());
        question.to(at(time));
        certificates[0].checkValidity(Date.from(time)); // the JDK asks not of one that is an authority itself
        accepted = new Accepted(chain, null);
    }

    /// Checks what the server showed last by the time that it tells now, and relies on that time from then on. A date
    /// before the least that it can be is a wrong one: then that least counts.
    ///
    /// @throws CertificateException if it was not valid then
    void check(Instant date) throws CertificateException {
        Accepted last = accepted;
        if (last == null) {
            return; // no handshake yet
        }
        Instant least = clock.atLeast();
        Instant time = date.isBefore(least) ? least : date;
        Instant checkedAt = last.checkedAt();
        if (checkedAt == null || time.isBefore(checkedAt) || time.isAfter(checkedAt.plus(CHECK_EVERY))) {
            Chain chain = last.chain();
            chain.certificates()[0].checkValidity(Date.from(time));
            at(time).checkServerTrusted(chain.certificates(), chain.type());
            accepted = new Accepted(chain, time);
        }
        clock.trust(date);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        handshake(chain, type, jdk -> jdk.checkServerTrusted(chain, type));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        handshake(chain, type, jdk -> jdk.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        handshake(chain, type, jdk -> jdk.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw noServer();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw noServer();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw noServer();
    }

    private static CertificateException noServer() {
        return new CertificateException("nobody is served here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return anchors.stream().map(TrustAnchor::getTrustedCert).toArray(X509Certificate[]::new);
    }
}
