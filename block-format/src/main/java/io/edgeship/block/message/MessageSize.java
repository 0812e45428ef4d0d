package io.edgeship.block.message;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.edgeship.block.encoding.CorruptFormatException;
import java.io.IOException;

/// Counts what is in a message before it is parsed. Parsing makes an object of each two bytes; a message of some
/// megabytes from a hostile site must not take a hundred of them here.
///
/// @param bytesMax       of the whole message
/// @param fieldsMax      of the message and of what is listed in it
/// @param listed         the field number of the repeated message in it
/// @param listedMax      how many entries that may have
/// @param otherBytesMax  of all other fields together that have a length: texts and packed lists of numbers
record MessageSize(int bytesMax, int fieldsMax, int listed, int listedMax, int otherBytesMax) {

    void require(String file, byte[] bytes) throws CorruptFormatException {
        if (bytes.length > bytesMax) {
            throw new CorruptFormatException(file, bytesMax, "longer than any message about an item");
        }
        try {
            new Count(file).message(CodedInputStream.newInstance(bytes), true);
        } catch (InvalidProtocolBufferException e) {
            throw new CorruptFormatException(file, 0, "is no message: " + e.getMessage());
        } catch (CorruptFormatException e) {
            throw e;
        } catch (IOException e) {
            throw new IllegalStateException("an array in memory can be read", e);
        }
    }

    /// Used once.
    private final class Count {
        private final String file;
        private int fields;
        private int entries;
        private long otherBytes;

        Count(String file) {
            this.file = file;
        }

        /// @param outer whether what is listed may be in it
        void message(CodedInputStream in, boolean outer) throws IOException {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                require(in, ++fields <= fieldsMax, "has more fields than any message of its kind");
                switch (WireFormat.getTagWireType(tag)) {
                    case WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
                        int length = in.readRawVarint32();
                        if (outer && WireFormat.getTagFieldNumber(tag) == listed) {
                            entry(in, length);
                        } else {
                            otherBytes += outer ? length : 0;
                            require(in, otherBytes <= otherBytesMax, "has longer lists than any message of its kind");
                            in.skipRawBytes(length);
                        }
                    }
                    case WireFormat.WIRETYPE_START_GROUP, WireFormat.WIRETYPE_END_GROUP ->
                        require(in, false, "has a group, as no message does");
                    default -> in.skipField(tag);
                }
            }
        }

        private void entry(CodedInputStream in, int length) throws IOException {
            require(in, ++entries <= listedMax, "has more entries than any message of its kind");
            int before = in.pushLimit(length);
            message(in, false);
            in.popLimit(before);
        }

        private void require(CodedInputStream in, boolean holds, String otherwise) throws CorruptFormatException {
            if (!holds) {
                throw new CorruptFormatException(file, in.getTotalBytesRead(), otherwise);
            }
        }
    }
}
