package io.crmbridge.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

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
        long done = soFar - records;
        print(done, done / seconds, "");
    }

    private void print(long done, double perSecond, String more) throws IOException {
        double cpuSeconds = (system.getProcessCpuTime() - cpu) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "RESULT %.1f %.4f %.0f %s%n",
                perSecond,
                cpuSeconds / done * 1000,
                peakKilobytes() / 1024.0,
                more);
        System.out.flush();
    }

    /**
     * Has leads posted to a port of this process, and besides prints 202 a second, and the p50 and p99 of a 202 in ms.
     *
     * @param enrolled whether all is done only when the CRM has enrolled each
     */
    static void leads(String server, int port, int warmUp, int counted, boolean enrolled) throws IOException {
        BenchLoad.ask(server, port, warmUp, enrolled ? warmUp : 0);
        BenchClock clock = new BenchClock();
        clock.begin(0);
        BenchLoad.Result result = BenchLoad.ask(server, port, counted, enrolled ? warmUp + counted : 0);
        clock.print(
                counted,
                result.all(),
                String.format(Locale.ROOT, "%.1f %.3f %.3f", result.accepted(), result.p50(), result.p99()));
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
