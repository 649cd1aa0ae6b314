package org.grpo4j.training.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiagnosisFileTest {

    private static final Diagnosis EARLY = new Diagnosis(Symptom.CLIPPED, 2, "a \"text\"\nof two lines");
    private static final Diagnosis LATE = new Diagnosis(Symptom.ALL_TRUNCATED, 5, "later");

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("diagnoses.jsonl");
    }

    @Test
    void aRunWithoutDiagnosesLeavesNoFile() throws IOException {
        assertThat(DiagnosisFile.resume(file, 0).diagnoses()).isEmpty();
        assertThat(file).doesNotExist();
    }

    @Test
    void aSymptomIsKeptOnceAlsoOverAResume() throws IOException {
        DiagnosisFile first = DiagnosisFile.resume(file, 0);
        assertThat(first.add(EARLY)).isTrue();
        assertThat(first.add(new Diagnosis(Symptom.CLIPPED, 3, "again"))).isFalse();
        assertThat(first.add(LATE)).isTrue();

        DiagnosisFile resumed = DiagnosisFile.resume(file, 4);
        assertThat(resumed.diagnoses()).containsExactly(EARLY);
        assertThat(resumed.add(new Diagnosis(Symptom.CLIPPED, 6, "again"))).isFalse();
        assertThat(resumed.add(LATE)).isTrue();
        assertThat(DiagnosisFile.resume(file, 5).diagnoses()).containsExactly(EARLY, LATE);
        assertThat(Files.readAllLines(file)).hasSize(2);
    }

    @Test
    void halfALineIsNoDiagnosis() throws IOException {
        DiagnosisFile.resume(file, 0).add(EARLY);
        Files.writeString(file, Files.readString(file) + "{\"step\":3,\"sympt");
        assertThat(DiagnosisFile.resume(file, 9).diagnoses()).containsExactly(EARLY);
        Files.write(file, new byte[] {'{', '"', (byte) 0xe2, (byte) 0x86}, StandardOpenOption.APPEND);
        assertThat(DiagnosisFile.resume(file, 9).diagnoses())
                .as("half a letter")
                .containsExactly(EARLY);
        Files.writeString(file, "{\"step\":3,\"symptom\":\"unheard_of\",\"text\":\"\"}\n");
        assertThat(DiagnosisFile.resume(file, 9).diagnoses()).isEmpty();
    }

    @Test
    void halfACharacterIsNoDiagnosisEither() throws IOException {
        DiagnosisFile.resume(file, 0).add(EARLY);
        Files.write(file, new byte[] {'{', '"', (byte) 0xce}, StandardOpenOption.APPEND);
        assertThat(DiagnosisFile.resume(file, 9).diagnoses()).containsExactly(EARLY);
    }
}
