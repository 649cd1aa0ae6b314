package org.grpo4j.framework.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.grpo4j.framework.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

    @TempDir
    Path folder;

    @Test
    void writesAndReplaces() throws IOException {
        Path file = folder.resolve("deep/er/file.txt");
        AtomicFile.writeString(file, "one");
        AtomicFile.writeString(file, "two\n");
        assertThat(file).hasContent("two\n");
        assertThat(file.getParent()).isDirectoryContaining(path -> path.equals(file));
        assertThat(Files.list(file.getParent())).hasSize(1);
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = folder.resolve("file.txt");
        AtomicFile.writeString(file, "old");
        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
                    out.write(new byte[100_000]);
                    throw new IOException("disk full");
                }))
                .hasMessage("disk full");
        assertThat(file).hasContent("old");
        assertThat(Files.list(folder)).containsExactly(file);
    }

    @Test
    void aFolderAppearsWholeOrNotAtAll() throws IOException {
        Path target = folder.resolve("checkpoint");
        assertThatThrownBy(() -> AtomicFolder.create(target, temporary -> {
                    Files.writeString(temporary.resolve("a"), "a");
                    throw new IOException("disk full");
                }))
                .hasMessage("disk full");
        assertThat(folder).isEmptyDirectory();

        AtomicFolder.create(target, temporary -> Files.writeString(temporary.resolve("a"), "1"));
        assertThat(target.resolve("a")).hasContent("1");
        assertThatThrownBy(() -> AtomicFolder.create(target, temporary -> {}))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("not empty");
        AtomicFolder.replace(target, temporary -> Files.writeString(temporary.resolve("b"), "2"));
        assertThat(Files.list(target)).containsExactly(target.resolve("b"));
        assertThat(Files.list(folder)).containsExactly(target);
    }
}
