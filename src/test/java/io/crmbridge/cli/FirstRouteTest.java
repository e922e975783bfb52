package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Follows docs/first-route.md word by word: runs its commands, makes its edits, and sees what it shows. A temporary folder
 * stands in for the folder of the program, and free ports for those that the page names.
 */
@Timeout(90)
class FirstRouteTest {
    private static final Path PAGE = Path.of("docs/first-route.md");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)(?: (\\S+))?\n(.*?)^```$");
    private static final Pattern CURL = Pattern.compile("curl (\\S+)(?: -d '(.*)')?");
    private static final List<String> OF_THE_SHELL = List.of("unzip", "cd");
    private static final List<Integer> PORTS = List.of(8080, 8090, 8091, 8092);

    @TempDir
    private Path folder;

    private final Map<Integer, Integer> ports = new TreeMap<>();
    private final InheritableThreadLocal<ByteArrayOutputStream> screen = new InheritableThreadLocal<>();
    private final Deque<Terminal> open = new ArrayDeque<>();
    /** That the next command is to end with. */
    private int exit;

    private final PrintStream realOut = System.out;

    /** A command that stays open. */
    private record Terminal(Thread thread, Look screen) {}

    /** What can be read now; where a person would ask again, it is asked again. */
    private interface Look {
        String said() throws Exception;
    }

    private record Block(String kind, String file, String text) {}

    @BeforeEach
    void begin() throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        for (int port : PORTS) {
            ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
            held.add(free);
            ports.put(port, free.getLocalPort());
        }
        for (ServerSocket free : held) {
            free.close();
        }
        System.setOut(new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int one) {
                        ByteArrayOutputStream own = screen.get();
                        if (own == null) {
                            realOut.write(one);
                        } else {
                            own.write(one);
                        }
                    }
                },
                true,
                StandardCharsets.UTF_8));
    }

    @AfterEach
    void end() throws InterruptedException {
        while (!open.isEmpty()) {
            interrupt();
        }
        System.setOut(realOut);
    }

    @Test
    void the_page_for_a_first_route_can_be_followed_word_by_word() throws Exception {
        List<Block> blocks = BLOCK.matcher(Files.readString(PAGE))
                .results()
                .map(found -> new Block(found.group(1), found.group(2), found.group(3)))
                .toList();
        assertThat(blocks).hasSizeGreaterThan(10);

        Look look = () -> "";
        for (int number = 0; number < blocks.size(); number++) {
            Block block = blocks.get(number);
            switch (block.kind()) {
                case "sh" -> {
                    exit = number + 1 < blocks.size()
                                    && blocks.get(number + 1).text().startsWith("FAILED")
                            ? ExitCodes.FAILED
                            : ExitCodes.DONE;
                    for (String line : block.text().split("\n")) {
                        look = run(line);
                    }
                }
                case "text" -> sees(block.text().startsWith("stopped") ? interrupt() : look, block.text());
                case "yaml" ->
                    assertThat(folder.resolve(block.file())).content().contains(block.text());
                case "diff" -> {
                    edit(folder.resolve(block.file()), block.text());
                    // What is told of it, a bridge tells that watches.
                    look = open.isEmpty() ? look : open.peek().screen();
                }
                case "json" -> assertThat(block.text()).contains(".schemas/crm-bridge-routes.schema.json");
                default -> throw new AssertionError("what is a block of " + block.kind() + "?");
            }
        }
    }

    private Look run(String line) throws Exception {
        if (line.startsWith("curl ")) {
            return line.contains(" -d ") ? once(curl(line)) : () -> curl(line);
        }
        if (!line.startsWith("bin/crm-bridge ")) {
            assertThat(OF_THE_SHELL).as(line).contains(line.split(" ")[0]);
            return () -> "";
        }
        String[] words = line.substring("bin/crm-bridge ".length()).split(" ");
        String[] arguments = here(words);
        return switch (words[0]) {
            case "sandbox", "run" -> inTerminal(arguments);
            case "status" -> () -> execute(arguments);
            default -> once(execute(arguments));
        };
    }

    private static Look once(String said) {
        return () -> said;
    }

    private String execute(String... arguments) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        screen.set(said);
        try {
            assertThat(CrmBridge.execute(arguments))
                    .as(String.join(" ", arguments))
                    .isEqualTo(exit);
        } finally {
            screen.remove();
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    private Look inTerminal(String... arguments) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        screen.set(said);
        Thread thread = new Thread(() -> CrmBridge.execute(arguments), arguments[0]);
        thread.start();
        screen.remove();
        Look look = () -> said.toString(StandardCharsets.UTF_8);
        open.push(new Terminal(thread, look));
        if (arguments[0].equals("run")) {
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> execute("status", "--json", "--data", data()).contains("\"polls\" : "));
        }
        return look;
    }

    /** The command's words, in the temporary folder and on free ports. */
    private String[] here(String[] words) {
        List<String> here = new ArrayList<>(Arrays.asList(words));
        here.replaceAll(word -> word.startsWith("deals-to-erp") && !words[1].equals("new")
                ? folder.resolve(word).toString()
                : ported(word));
        switch (words[0]) {
            case "sandbox" ->
                here.addAll(List.of("--port", "" + ports.get(8090), "--intellivizz-port", "" + ports.get(8091)));
            case "run" -> here.addAll(List.of("--port", "" + ports.get(8080), "--data", data()));
            case "status", "deploy", "rollback" -> here.addAll(List.of("--data", data()));
            default -> {
                if (words.length > 1 && words[1].equals("list")) {
                    here.addAll(List.of("--data", data()));
                }
                if (words.length > 2 && words[1].equals("new")) {
                    here.addAll(List.of("--dir", folder.resolve(words[2]).toString()));
                }
            }
        }
        return here.toArray(String[]::new);
    }

    private String curl(String line) throws Exception {
        Matcher words = CURL.matcher(line);
        assertThat(words.matches()).as(line).isTrue();
        URI url = URI.create(ported(words.group(1)));
        HttpRequest request = words.group(2) == null
                ? HttpRequest.newBuilder(url).build()
                : HttpRequest.newBuilder(url)
                        .POST(HttpRequest.BodyPublishers.ofString(words.group(2)))
                        .build();
        HttpClient http = HttpClient.newHttpClient();
        return http.send(request, BodyHandlers.ofString()).body() + "\n";
    }

    /** What stands in the page is what is there, where it has … anything; a command that is still open may take its time. */
    private void sees(Look look, String shown) {
        Pattern expected = Pattern.compile(
                Arrays.stream(shown.stripTrailing().split("…", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*")),
                Pattern.DOTALL);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(asOnThePage(look.said()))
                        .matches(text -> expected.matcher(text).find(), shown));
    }

    private String asOnThePage(String said) {
        String text = said.lines()
                .map(String::stripTrailing)
                .collect(Collectors.joining("\n"))
                .replace(folder + "/", "");
        for (Map.Entry<Integer, Integer> port : ports.entrySet()) {
            text = text.replace(":" + port.getValue(), ":" + port.getKey());
        }
        return text;
    }

    private String ported(String text) {
        String here = text;
        for (Map.Entry<Integer, Integer> port : ports.entrySet()) {
            here = here.replaceAll(
                    "\\b" + port.getKey() + "\\b", port.getValue().toString());
        }
        return here;
    }

    /** Takes the lines with - out, and puts those with + in their place. */
    private void edit(Path file, String diff) throws IOException {
        String before = lines(diff, "-");
        String text = Files.readString(file);
        assertThat(text).as(file.toString()).containsOnlyOnce(before);
        Files.writeString(file, text.replace(before, ported(lines(diff, "+"))));
    }

    private static String lines(String diff, String mark) {
        return diff.lines()
                .filter(line -> line.startsWith(mark))
                .map(line -> line.substring(1) + "\n")
                .collect(Collectors.joining());
    }

    /** As Ctrl-C does. */
    private Look interrupt() throws InterruptedException {
        Terminal last = open.pop();
        last.thread().interrupt();
        last.thread().join();
        return last.screen();
    }

    private String data() {
        return folder.resolve("data").toString();
    }
}
