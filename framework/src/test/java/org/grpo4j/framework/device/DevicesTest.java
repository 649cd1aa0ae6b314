package org.grpo4j.framework.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DevicesTest {

    @Test
    void oneBackendIsActive() {
        assertThat(Devices.find().backends()).filteredOn(Backend::active).hasSize(1);
    }

    @Test
    void aBackendThatCannotBeUsedSaysWhy() {
        assertThat(Devices.find().backends())
                .filteredOn(backend -> !backend.active())
                .allSatisfy(backend -> assertThat(backend.problem()).isNotBlank());
    }

    @Test
    void readsWhatTheDriverLists() {
        assertThat(GpuQuery.parse("NVIDIA A10, 8.6, 23028, 535.1\n[N/A]\nGPU, 9.0, 81559, 550\n"))
                .containsExactly(new Gpu("NVIDIA A10", 8, 6, 23028, "535.1"), new Gpu("GPU", 9, 0, 81559, "550"));
    }

    @Test
    void theCudaLibraryRunsUpToAdaOnly() {
        assertThat(CudaBinary.problem(new Gpu("Ampere", 8, 6, 1, ""))).isEmpty();
        assertThat(CudaBinary.problem(new Gpu("Ada", 8, 9, 1, ""))).isEmpty();
        assertThat(CudaBinary.problem(new Gpu("Hopper", 9, 0, 1, "")))
                .hasValueSatisfying(why -> assertThat(why).contains("9.0"));
        assertThat(CudaBinary.problem(new Gpu("Blackwell", 12, 0, 1, ""))).isPresent();
        assertThat(CudaBinary.problem(new Gpu("Kepler", 3, 5, 1, ""))).isPresent();
    }

    @Test
    void measuresARate() {
        assertThat(SgemmRate.measure(128, 2, 3)).isPositive().isFinite();
    }
}
