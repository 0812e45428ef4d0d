package io.edgeship.runtime.image;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Map;

/// `execve(2)`.
final class ProcessImage {
    private ProcessImage() {}

    /// Makes this process run `command`. Comes back only if that fails.
    ///
    /// @throws IOException with the number of the system's error
    @SuppressWarnings("restricted") // that is what it is for
    static void replace(String program, List<String> command, Map<String, String> environment) throws Throwable {
        Linker linker = Linker.nativeLinker();
        Linker.Option errors = Linker.Option.captureCallState("errno");
        MethodHandle execve = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("execve"),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS),
                errors);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            List<String> variables = environment.entrySet().stream()
                    .map(variable -> variable.getKey() + "=" + variable.getValue())
                    .toList();
            int code = (int) execve.invokeExact(
                    state, arena.allocateFrom(program), strings(command, arena), strings(variables, arena));
            throw new IOException("execve of %s gave %d, error %d".formatted(program, code, state.get(JAVA_INT, 0)));
        }
    }

    /// An array of C strings that ends with a null pointer.
    private static MemorySegment strings(List<String> values, Arena arena) {
        MemorySegment array = arena.allocate(ValueLayout.ADDRESS, values.size() + 1L);
        for (int i = 0; i < values.size(); i++) {
            array.setAtIndex(ADDRESS, i, arena.allocateFrom(values.get(i)));
        }
        array.setAtIndex(ADDRESS, values.size(), MemorySegment.NULL);
        return array;
    }
}
