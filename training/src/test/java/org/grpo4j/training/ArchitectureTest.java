package org.grpo4j.training;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;

/** The arrows between the modules: training → models → framework and training → datasets, nothing else. */
@AnalyzeClasses(packages = "org.grpo4j", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule MODULES_POINT_ONE_WAY = Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("training")
            .definedBy("org.grpo4j.training..")
            .layer("models")
            .definedBy("org.grpo4j.models..")
            .layer("datasets")
            .definedBy("org.grpo4j.datasets..")
            .layer("framework")
            .definedBy("org.grpo4j.framework..")
            .whereLayer("training")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("models")
            .mayOnlyBeAccessedByLayers("training")
            .whereLayer("datasets")
            .mayOnlyBeAccessedByLayers("training")
            .whereLayer("framework")
            .mayOnlyBeAccessedByLayers("training", "models")
            // Until the first class of a module is written there is nothing to look at.
            .withOptionalLayers(true);

    @ArchTest
    static final ArchRule DATASETS_KNOW_NO_TENSOR = noClasses()
            .that()
            .resideInAPackage("org.grpo4j.datasets..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.nd4j..", "org.bytedeco..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule ONLY_THE_FRAMEWORK_NAMES_A_DEVICE = noClasses()
            .that()
            .resideOutsideOfPackage("org.grpo4j.framework..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.nd4j.linalg.cpu..", "org.nd4j.linalg.jcublas..", "org.nd4j.nativeblas..");

    @ArchTest
    static final ArchRule NOTHING_IS_COMPILED_AGAINST_A_BACKEND = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.nd4j.linalg.cpu..", "org.nd4j.linalg.jcublas..");

    @ArchTest
    static final ArchRule ONLY_THE_COMMAND_LINE_PRINTS = noClasses()
            .that()
            .resideOutsideOfPackage("org.grpo4j.training.cli..")
            .should()
            .accessField(System.class, "out");

    @ArchTest
    static final ArchRule ONLY_THE_COMMAND_LINE_ENDS_THE_PROCESS = noClasses()
            .that()
            .resideOutsideOfPackage("org.grpo4j.training.cli..")
            .should()
            .callMethod(System.class, "exit", int.class);

    @ArchTest
    static final ArchRule NOTHING_KNOWS_THE_COMMAND_LINE = noClasses()
            .that()
            .resideOutsideOfPackage("org.grpo4j.training.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.grpo4j.training.cli..");
}
