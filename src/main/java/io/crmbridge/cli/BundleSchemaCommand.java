package io.crmbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.bundle.editor.EditorSchemas;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "schema",
        mixinStandardHelpOptions = true,
        description = {
            "Writes JSON schemas by which an editor completes routes and underlines what does not exist.",
            "`bundle new` puts them into the bundle; after an upgrade of the program, run this in the bundle's folder."
        })
final class BundleSchemaCommand implements Callable<Integer> {
    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = EditorSchemas.FOLDER,
            description = "The folder to write them to (${DEFAULT-VALUE}).")
    private Path folder;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        ObjectMapper json = new ObjectMapper();
        try {
            Files.createDirectories(folder);
            for (Map.Entry<String, JsonNode> schema : EditorSchemas.all().entrySet()) {
                Path file = folder.resolve(schema.getKey());
                Files.writeString(file, json.writeValueAsString(schema.getValue()));
                out.println(file);
            }
        } catch (IOException e) {
            throw new CommandException(
                    ExitCodes.FAILED,
                    "the schemas cannot be written to %s: %s"
                            .formatted(folder, e.getClass().getSimpleName()));
        }
        out.flush();
        return ExitCodes.DONE;
    }
}
