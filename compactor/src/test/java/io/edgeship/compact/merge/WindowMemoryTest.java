package io.edgeship.compact.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WindowMemoryTest {
    @Test
    void anOldWindowsMemoryIsTheNextOnes() {
        try (WindowMemory memory = new WindowMemory()) {
            MemorySegment old = memory.room(1000);
            memory.give(old);

            assertThat(memory.room(1001).address()).isNotEqualTo(old.address());
            assertThat(memory.room(900).address()).isEqualTo(old.address());
            assertThat(memory.room(900).address()).isNotEqualTo(old.address());
        }
    }

    @Test
    void windowsThatAreInUseShareNoByte() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            List<MemorySegment> inUse = new ArrayList<>();
            try (WindowMemory memory = new WindowMemory()) {
                for (int i = 0; i < 200; i++) {
                    if (!inUse.isEmpty() && random.nextInt(3) == 0) {
                        memory.give(inUse.remove(random.nextInt(inUse.size())));
                    } else {
                        inUse.add(memory.room(1 + random.nextInt(i % 50 == 0 ? 10 << 20 : 200 << 10)));
                    }
                }
                for (int i = 0; i < inUse.size(); i++) {
                    inUse.get(i).fill((byte) i);
                }
                for (int i = 0; i < inUse.size(); i++) {
                    MemorySegment window = inUse.get(i);
                    assertThat(window.get(ValueLayout.JAVA_BYTE, 0))
                            .as("seed %d", seed)
                            .isEqualTo((byte) i);
                    assertThat(window.get(ValueLayout.JAVA_BYTE, window.byteSize() - 1))
                            .as("seed %d", seed)
                            .isEqualTo((byte) i);
                }
            }
        }
    }

    @Test
    void whatIsReadAfterTheEndIsAnErrorAndNoOthersMemory() {
        WindowMemory memory = new WindowMemory();
        MemorySegment window = memory.room(10);

        memory.close();
        memory.close();

        assertThatThrownBy(() -> window.get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
    }
}
