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
                .hasMessage(file + ": disk full");
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

    @Test
    void aFolderIsRemovedAndWhatADeadProcessLeftIsFound() throws IOException {
        Path target = folder.resolve("checkpoint");
        AtomicFolder.create(target, temporary -> {
            Files.createDirectories(temporary.resolve("deep"));
            Files.writeString(temporary.resolve("deep/a"), "1");
            // As it is when the process is killed here.
            Files.createDirectories(folder.resolve("copy/" + temporary.getFileName() + "/deep"));
            Files.writeString(folder.resolve("copy/" + temporary.getFileName() + "/deep/a"), "1");
        });
        AtomicFolder.remove(target);
        AtomicFolder.remove(target);
        assertThat(target).doesNotExist();
        Files.writeString(folder.resolve("copy/.hidden.tmp"), "the user's");
        assertThat(AtomicFolder.removeLeftovers(folder.resolve("copy"))).hasSize(1);
        assertThat(Files.list(folder.resolve("copy"))).containsExactly(folder.resolve("copy/.hidden.tmp"));
        assertThat(AtomicFolder.removeLeftovers(folder.resolve("nowhere"))).isEmpty();
    }

    @Test
    void aLinkedFileKeepsItsBytesWhenEitherNameIsReplaced() throws IOException {
        Path first = Files.writeString(folder.resolve("first"), "1");
        Path second = folder.resolve("deep/second");
        AtomicFile.link(first, second);
        AtomicFile.link(first, second);
        assertThat(second).hasContent("1");
        AtomicFile.writeString(first, "2");
        assertThat(second).hasContent("1");
        AtomicFile.link(first, second);
        assertThat(second).hasContent("2");
        assertThat(Files.list(second.getParent())).containsExactly(second);
    }

    @Test
    void aDigestIsThatOfSha256sum() throws IOException {
        Path file = Files.writeString(folder.resolve("abc"), "abc");
        // FIPS 180-2, appendix B.1.
        assertThat(FileDigest.of(file))
                .isEqualTo(new FileDigest(3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    }
}
