package io.edgeship.runtime.config;

import java.util.Locale;

/// Where a section stands, in each of the three ways to say so.
///
/// @param written     in the file: `sources[0]`, or empty for the whole file
/// @param documented  in the reference: `sources[]`
/// @param environment `EDGESHIP_SOURCES_0`
record SectionPath(String written, String documented, String environment) {
    /// The section under a key.
    SectionPath section(String key) {
        return new SectionPath(keyIn(written, key), keyIn(documented, key), environmentOf(key));
    }

    /// One of the sections listed under a key, from 0.
    SectionPath item(String key, int index) {
        return new SectionPath(
                keyIn(written, key) + "[" + index + "]",
                keyIn(documented, key) + "[]",
                environmentOf(key) + "_" + index);
    }

    String key(String key) {
        return keyIn(written, key);
    }

    String documentedKey(String key) {
        return keyIn(documented, key);
    }

    /// The variable that overrides a key.
    String environmentOf(String key) {
        return environment + "_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static String keyIn(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
