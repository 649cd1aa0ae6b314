package org.grpo4j.datasets.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Bytes of a file as text, refused where they are none: replacement characters would hide damage. */
final class Utf8 {

    private Utf8() {}

    static String decode(byte[] bytes) throws IOException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("it holds a text that is not UTF-8", e);
        }
    }
}
