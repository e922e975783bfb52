package io.crmbridge.cli;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.pack.Archive;
import io.crmbridge.bundle.pack.Packer;
import io.crmbridge.bundle.pack.Packer.Packed;
import io.crmbridge.bundle.pack.SemanticVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "pack",
        description = {
            "Packs a bundle's folder into a zip, which deploy takes.",
            "The same files make the same zip, byte for byte. A bundle with findings is not packed."
        })
final class BundlePackCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            defaultValue = ".",
            description = "The bundle's folder (the current one).")
    private Path folder;

    @Option(names = "--out", paramLabel = "FILE", description = "The zip (NAME-VERSION.zip in the current folder).")
    private Path out;

    @Option(
            names = "--version",
            paramLabel = "VERSION",
            description = "Version of the bundle, such as 1.2.0; wins over bridge.bundle.version.")
    private String version;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    /** Not with the standard ones, of which one is the program's version. */
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Bundle bundle = Bundle.at(folder, Map.of());
        Packed packed;
        try {
            packed = pack(bundle, version);
        } catch (BundleException e) {
            throw new CommandException(ExitCodes.FAILED, e.getMessage() + "\nnothing is packed");
        }
        Archive archive = packed.archive();
        Path file = out == null
                ? Path.of("%s-%s.zip"
                        .formatted(
                                archive.manifest().name().replaceAll("[^A-Za-z0-9._-]", "_"),
                                archive.manifest().version()))
                : out;
        write(file, archive.zip());
        PrintWriter screen = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("file", file.toString());
            told.put("name", archive.manifest().name());
            told.put("version", archive.manifest().version());
            told.put("sha256", archive.sha256());
            told.put("files", archive.manifest().files().keySet());
            told.put("leftOut", packed.leftOut());
            Output.json(screen, told);
        } else {
            screen.printf(
                    "%s: %s %s, %d files, %d KB, sha256 %s%n",
                    file,
                    archive.manifest().name(),
                    archive.manifest().version(),
                    archive.manifest().files().size(),
                    (archive.zip().length + 1023) / 1024,
                    archive.sha256());
            leftOut(screen, packed);
        }
        return ExitCodes.DONE;
    }

    static void leftOut(PrintWriter screen, Packed packed) {
        if (!packed.leftOut().isEmpty()) {
            screen.println("left out, because it does not belong to a bundle: " + String.join(", ", packed.leftOut()));
        }
    }

    /**
     * @param version null where the bundle says it
     * @throws BundleException when it has findings
     */
    static Packed pack(Bundle bundle, String version) throws IOException {
        Optional<SemanticVersion> given = Optional.ofNullable(version)
                .map(text -> SemanticVersion.of(text)
                        .orElseThrow(() -> new CommandException(
                                ExitCodes.USAGE,
                                "\"%s\" is no semantic version: write for example 1.2.0".formatted(text))));
        return Packer.pack(bundle, given, Version.semantic(), System.getenv());
    }

    private static void write(Path file, byte[] zip) {
        try {
            Files.write(file, zip);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCodes.FAILED,
                    "%s cannot be written (%s): name another file with --out"
                            .formatted(file, e.getClass().getSimpleName()));
        }
    }
}
