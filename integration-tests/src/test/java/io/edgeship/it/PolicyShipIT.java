package io.edgeship.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgeship.chaos.Fault;
import io.edgeship.chaos.Faults;
import io.edgeship.demo.Child;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Agents with nothing but their policy of `deploy/objstore` ship and resume over a link that is cut, and a compactor
/// with nothing but its own takes in what they sent.
class PolicyShipIT {
    private static final String SITE = "greenhouse-7";
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final long BLOCK_BYTES = 8 << 20;
    private static final Faults CUTS = Faults.seeded(20261125).with(new Fault.Cuts(3 << 20));

    @TempDir
    private Path dir;

    @Test
    void inboxNeedsNothingButItsOwnFolders() throws Exception {
        assertShips("inbox", LocalMinio.policy("iam-agent-inbox.json", SITE));
    }

    @Test
    void plainNeedsNoListing() throws Exception {
        assertShips("plain", LocalMinio.policy("iam-agent-plain.json", SITE));
    }

    @Test
    void plainShipsWhereItMayNotLook() throws Exception {
        String blind = LocalMinio.policy("iam-agent-plain.json", SITE).replace(", \"s3:GetObject\"", "");
        assertThat(blind).doesNotContain("GetObject");
        try (FlakySite site = site("plain", blind)) {
            site.addBlock(BLOCK_BYTES);
            try (Child agent = site.agent()) {
                site.awaitAllShipped(agent, LIMIT);
                assertThat(site.statusPage()).contains("grant GetObject");
            }
            site.assertEverythingArrivedOnce();
        }
    }

    private void assertShips(String transport, String policy) throws Exception {
        try (FlakySite site = site(transport, policy)) {
            site.addBlock(BLOCK_BYTES);
            site.shipAll(LIMIT);
            assertThat(site.link().counts().cuts()).as("cuts, " + site.link()).isPositive();
            site.assertEverythingArrivedOnce();
        }
    }

    private FlakySite site(String transport, String policy) throws Exception {
        LocalMinio minio = LocalMinio.start(Program.minio(), dir);
        String centre = minio.objstoreYaml(LocalMinio.policy("iam-compactor.json", SITE), minio.port());
        String keys = minio.objstoreYaml(policy, minio.port());
        FlakySite.Server server = new FlakySite.Server(
                minio::close, minio.port(), centre, port -> keys.replace(":" + minio.port(), ":" + port));
        return FlakySite.open(dir, server, transport, CUTS);
    }
}
