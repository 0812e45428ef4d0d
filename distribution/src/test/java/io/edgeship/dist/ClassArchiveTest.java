package io.edgeship.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClassArchiveTest {
    @Test
    void whatDependsOnTheMomentOfARunIsLeftOut() {
        List<String> one = List.of(
                "# a comment with a version",
                "b/B id: 1",
                "@cp b/B 1 2 3",
                "a/A id: 2",
                "only/Once id: 3",
                "java/util/concurrent/Contended id: 4",
                "@lambda-proxy a/A run ()V",
                "@lambda-form-invoker [LF_RESOLVE] x");
        List<String> other = List.of(
                "a/A id: 1",
                "java/util/concurrent/Contended id: 4",
                "@lambda-form-invoker [LF_RESOLVE] x",
                "b/B id: 7",
                "@cp b/B 1 2",
                "@lambda-proxy a/A run ()V",
                "a/A id: 1");
        List<String> usual = List.of("java/lang/Object id: 0", "java/util/concurrent/Future id: 1");
        assertThat(ClassArchive.agreed(List.of(one, other), usual))
                .isEqualTo(ClassArchive.agreed(List.of(other, one), usual))
                .containsExactly(
                        "@lambda-form-invoker [LF_RESOLVE] x",
                        "@lambda-proxy a/A run ()V",
                        "a/A",
                        "b/B",
                        "java/util/concurrent/Future");
    }
}
