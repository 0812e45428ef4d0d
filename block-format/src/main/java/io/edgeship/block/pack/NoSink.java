package io.edgeship.block.pack;

import io.edgeship.block.encoding.ByteSink;

/// Takes bytes nowhere: what unpacks into it only compares.
record NoSink(String name) implements ByteSink {
    @Override
    public void write(byte[] bytes, int at, int length) {}

    @Override
    public void finish() {}

    @Override
    public void close() {}
}
