package io.crmbridge.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** Measures the process it is in, and prints one line for the parent: records/s, CPU-s per 1,000, peak MB. */
final class BenchClock {
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private long records;
    private long wall;
    private long cpu;

    void begin(long soFar) {
        records = soFar;
        cpu = system.getProcessCpuTime();
        wall = System.nanoTime();
    }

    void end(long soFar) throws IOException {
        double seconds = (System.nanoTime() - wall) / 1e9;
        double cpuSeconds = (system.getProcessCpuTime() - cpu) / 1e9;
        long done = soFar - records;
        System.out.printf(
                "RESULT %.1f %.4f %.0f%n", done / seconds, cpuSeconds / done * 1000, peakKilobytes() / 1024.0);
        System.out.flush();
    }

    private static long peakKilobytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }
}
