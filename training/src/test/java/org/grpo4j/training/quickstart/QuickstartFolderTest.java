package org.grpo4j.training.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.grpo4j.framework.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartFolderTest {

    @TempDir
    private Path temporary;

    @Test
    void theDefaultTakesTheNextFreeName() throws IOException {
        Path first = temporary.resolve("runs").resolve("quickstart");
        assertThat(QuickstartFolder.next(first)).isEqualTo(first).isDirectory();
        assertThat(QuickstartFolder.next(first)).isEqualTo(first.resolveSibling("quickstart-2"));
        assertThat(QuickstartFolder.next(first)).isEqualTo(first.resolveSibling("quickstart-3"));
    }

    @Test
    void aNamedFolderMayBeEmptyButHoldNothing() throws IOException {
        Path folder = temporary.resolve("mine");
        assertThat(QuickstartFolder.named(folder)).isDirectory();
        assertThat(QuickstartFolder.named(folder)).isDirectory();
        Files.writeString(folder.resolve("notes.txt"), "keep me");
        assertThatThrownBy(() -> QuickstartFolder.named(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("not empty");
        assertThatThrownBy(() -> QuickstartFolder.named(folder.resolve("notes.txt")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is a file");
    }
}
