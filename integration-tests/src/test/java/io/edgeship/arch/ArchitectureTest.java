package io.edgeship.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.library.Architectures;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar")) // other modules' test kits
            .importPackages("io.edgeship");

    /// A rule over no classes holds: this test fails if the others would look at nothing.
    @Test
    void everyRoomIsInTheClassesLookedAt() {
        for (String room :
                List.of("runtime", "block", "bucket", "queue", "ship", "agent", "compact", "fleet", "chaos", "demo")) {
            assertThat(OURS)
                    .as("classes under io.edgeship.%s", room)
                    .anyMatch(type -> type.getPackageName().startsWith("io.edgeship." + room));
        }
    }

    @Test
    void dependenciesPointDownward() {
        Architectures.layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("io.edgeship..")
                .layer("runtime")
                .definedBy("io.edgeship.runtime..")
                .layer("block")
                .definedBy("io.edgeship.block..")
                .layer("bucket")
                .definedBy("io.edgeship.bucket..")
                .layer("queue")
                .definedBy("io.edgeship.queue..")
                .layer("agent")
                .definedBy("io.edgeship.ship..", "io.edgeship.agent..")
                .layer("centre")
                .definedBy("io.edgeship.compact..", "io.edgeship.fleet..")
                .layer("demo")
                .definedBy("io.edgeship.demo..", "io.edgeship.chaos..")
                .whereLayer("demo")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("agent")
                .mayOnlyBeAccessedByLayers("demo")
                .whereLayer("centre")
                .mayOnlyBeAccessedByLayers("demo")
                .whereLayer("queue")
                .mayOnlyBeAccessedByLayers("agent", "demo")
                .whereLayer("bucket")
                .mayOnlyBeAccessedByLayers("queue", "agent", "centre", "demo")
                .whereLayer("block")
                .mayOnlyBeAccessedByLayers("queue", "agent", "centre", "demo")
                .check(OURS);
    }

    @Test
    void formatsNeedNoNetworkAndNoFramework() {
        classes()
                .that()
                .resideInAPackage("io.edgeship.block..")
                .and()
                .resideOutsideOfPackages("io.edgeship.block.cli..", "io.edgeship.block.config..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.edgeship.block..",
                        "java..",
                        "org.jspecify..",
                        "com.fasterxml.jackson..",
                        "com.google.protobuf..",
                        "com.google.re2j..",
                        "org.xerial.snappy..",
                        "net.jpountz..",
                        "com.github.luben.zstd..",
                        "io.airlift.compress..")
                .because("a reader of a file format must be usable, and testable, without a network or a framework")
                .check(OURS);
    }

    /// One importer a library, so that it can be replaced by changing one room.
    @ParameterizedTest
    @CsvSource({
        "software.amazon.awssdk.., io.edgeship.bucket.s3..",
        "org.quartz.., io.edgeship.compact.job..",
        "org.snakeyaml.engine.., io.edgeship.runtime.config..",
        "at.favre.lib.., io.edgeship.runtime.http.web",
        "com.sun.net.httpserver.., io.edgeship.runtime.http..",
        "com.google.re2j.., io.edgeship.block.tsdb",
        "org.xerial.snappy.., io.edgeship.block.loki..",
        "net.jpountz.., io.edgeship.block.loki..",
        "com.github.luben.zstd.., io.edgeship.block.loki..",
        "io.airlift.compress.., io.edgeship.block.pack..",
    })
    void oneRoomImports(String library, String room) {
        noClasses()
                .that()
                .resideOutsideOfPackages(room, "io.edgeship.demo..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(OURS);
    }

    @Test
    void theAgentCarriesNoSchedulerNoDatabaseAndNoWebFramework() {
        noClasses()
                .that()
                .resideInAnyPackage("io.edgeship.agent..", "io.edgeship.ship..", "io.edgeship.queue..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.quartz..", "java.sql..", "javax.sql..", "picocli..")
                .because("its memory is the site's memory")
                .check(OURS);
    }

    @Test
    void roomsFormNoCycles() {
        slices().matching("io.edgeship.(*)..").should().beFreeOfCycles().check(OURS);
        slices().matching("io.edgeship.(**)").should().beFreeOfCycles().check(OURS);
    }
}
