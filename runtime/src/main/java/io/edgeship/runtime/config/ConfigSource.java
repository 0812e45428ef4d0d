package io.edgeship.runtime.config;

import java.util.Map;
import java.util.SortedSet;

/// What all sections of one file share.
record ConfigSource(String name, Map<String, String> environment, SortedSet<String> keysRead) {}
