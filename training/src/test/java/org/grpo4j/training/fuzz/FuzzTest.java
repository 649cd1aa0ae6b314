package org.grpo4j.training.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.grpo4j.framework.InputException;
import org.grpo4j.training.fuzz.Verdict.Outcome;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code scripts/fuzz.sh}: the first cases of every loader, in this process. */
class FuzzTest {

    private static final int CASES = 1_500;

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> everyLoaderAcceptsOrRefuses() throws IOException {
        return TargetShare.all().stream()
                .map(share -> DynamicTest.dynamicTest(
                        share.target().name(), () -> check(share.target(), CASES * share.percent() / 100)));
    }

    private void check(FuzzTarget target, int cases) throws IOException {
        List<Map<String, byte[]>> seeds = target.seeds();
        Judge judge = new Judge(folder.resolve(target.name()), false);
        for (Map<String, byte[]> seed : seeds) {
            assertThat(judge.judge(new FuzzCase(target, -1, seed, "nothing")))
                    .extracting(Verdict::outcome)
                    .isEqualTo(Outcome.ACCEPTED);
        }
        List<String> failures = new ArrayList<>();
        int refused = 0;
        for (int number = 0; number < cases; number++) {
            Verdict verdict = judge.judge(FuzzCase.of(target, seeds, number));
            refused += verdict.outcome() == Outcome.REFUSED ? 1 : 0;
            if (verdict.outcome() == Outcome.FAILED) {
                failures.add(target.name() + " " + number + ": " + verdict);
            }
        }
        assertThat(failures).isEmpty();
        assertThat(refused).isBetween(cases / 10, cases - 1);
    }

    @Test
    void aNumberStandsForOneCase() throws IOException {
        for (TargetShare share : TargetShare.all()) {
            FuzzTarget target = share.target();
            FuzzCase first = FuzzCase.of(target, target.seeds(), 17);
            FuzzCase again = FuzzCase.of(target, target.seeds(), 17);
            assertThat(again.mutated()).isEqualTo(first.mutated());
            first.files()
                    .forEach((name, content) -> assertThat(again.files().get(name))
                            .as(target.name() + " " + name)
                            .isEqualTo(content));
        }
    }

    @Test
    void theJudgeNoticesWhatALoaderMustNotDo() throws IOException {
        Judge judge = new Judge(folder.resolve("bad"), false);
        assertThat(verdict(judge, path -> {
                    throw new IllegalStateException("no refusal");
                }))
                .contains("IllegalStateException");
        assertThat(verdict(judge, path -> {
                    throw new InputException("something is wrong.");
                }))
                .contains("names the place");
        assertThat(verdict(judge, path -> {
                    int[][] much = new int[40][];
                    for (int i = 0; i < much.length; i++) {
                        much[i] = new int[1 << 18];
                    }
                }))
                .contains("on the heap");
    }

    /** What a loader does with a folder. */
    private interface Loader {
        void load(Path folder) throws IOException;
    }

    private static String verdict(Judge judge, Loader loader) throws IOException {
        FuzzTarget target = new FuzzTarget() {
            @Override
            public String name() {
                return "bad";
            }

            @Override
            public List<Map<String, byte[]>> seeds() {
                return List.of(Map.of("file", new byte[1]));
            }

            @Override
            public byte[] mutate(String file, byte[] content, Random random) {
                return content;
            }

            @Override
            public void load(Path folder) throws IOException {
                loader.load(folder);
            }
        };
        Verdict verdict = judge.judge(FuzzCase.of(target, target.seeds(), 0));
        assertThat(verdict.outcome()).isEqualTo(Outcome.FAILED);
        return verdict.explanation();
    }
}
