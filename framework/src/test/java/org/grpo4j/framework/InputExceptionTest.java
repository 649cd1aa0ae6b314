package org.grpo4j.framework;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InputExceptionTest {

    @Test
    void aQuotedMegabyteIsCutInTheMiddle() {
        String message = "a.json: hidden_act is " + "y".repeat(1 << 20) + "; it must be silu.";
        assertThat(new InputException(message).getMessage())
                .hasSizeLessThan(1_000)
                .startsWith("a.json: hidden_act is yyy")
                .contains("y…y")
                .endsWith("; it must be silu.");
    }

    @Test
    void ofManyWordsBothEndsAreKept() {
        assertThat(new InputException("a.json: " + "many words ".repeat(1_000) + "; list fewer.").getMessage())
                .hasSizeLessThan(1_000)
                .startsWith("a.json: many")
                .contains(" … ")
                .endsWith("; list fewer.");
    }

    @Test
    void whatATerminalWouldObeyIsSpelledOut() {
        assertThat(new InputException("tensor \u001b[31m\u202ex\ud800\r\nhas\tno é 漢 😀").getMessage())
                .isEqualTo("tensor \\u001b[31m\\u202ex\\ud800 has no é 漢 😀");
    }
}
