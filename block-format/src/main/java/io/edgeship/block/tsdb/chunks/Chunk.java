package io.edgeship.block.tsdb.chunks;

/// One encoded run of samples, its checksum verified.
///
/// @param encodingCode the byte in the file, of which [#encoding] is the meaning
/// @param data         the encoded samples; not to be changed
public record Chunk(int encodingCode, byte[] data) {
    public Encoding encoding() {
        return Encoding.of(encodingCode);
    }

    /// How many samples the chunk says it has, or -1 where this build cannot tell. The first two bytes say so in every
    /// encoding of Prometheus; those with start timestamps keep the counter-reset hint in the upper two bits.
    public int sampleCount() {
        if (data.length < 2) {
            return -1;
        }
        int first = Byte.toUnsignedInt(data[0]) << 8 | Byte.toUnsignedInt(data[1]);
        return switch (encoding()) {
            case XOR, XOR2, HISTOGRAM, FLOAT_HISTOGRAM -> first;
            case HISTOGRAM_ST, FLOAT_HISTOGRAM_ST -> first & 0x3FFF;
            case AGGREGATE, UNKNOWN -> -1;
        };
    }
}
