package io.edgeship.runtime.http.web;

import java.util.Optional;
import javax.net.ssl.SSLParameters;

/// Whether a client shows a certificate, by Go's names.
enum ClientAuth {
    NO_CLIENT_CERT("NoClientCert", false),
    REQUEST_CLIENT_CERT("RequestClientCert", false),
    REQUIRE_ANY_CLIENT_CERT("RequireAnyClientCert", false),
    VERIFY_CLIENT_CERT_IF_GIVEN("VerifyClientCertIfGiven", true),
    REQUIRE_AND_VERIFY_CLIENT_CERT("RequireAndVerifyClientCert", true);

    private final String goName;
    private final boolean verifies;

    ClientAuth(String goName, boolean verifies) {
        this.goName = goName;
        this.verifies = verifies;
    }

    static Optional<ClientAuth> of(String name) {
        if (name.equals("RequireClientCert")) { // an older name of it
            return Optional.of(REQUIRE_ANY_CLIENT_CERT);
        }
        for (ClientAuth one : values()) {
            if (one.goName.equals(name)) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }

    /// Whether what is shown has to come from the configured authority.
    boolean verifies() {
        return verifies;
    }

    void applyTo(SSLParameters parameters) {
        switch (this) {
            case NO_CLIENT_CERT -> parameters.setWantClientAuth(false);
            case REQUEST_CLIENT_CERT, VERIFY_CLIENT_CERT_IF_GIVEN -> parameters.setWantClientAuth(true);
            case REQUIRE_ANY_CLIENT_CERT, REQUIRE_AND_VERIFY_CLIENT_CERT -> parameters.setNeedClientAuth(true);
        }
    }

    @Override
    public String toString() {
        return goName;
    }
}
