package io.crmbridge.component.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.store.StoredMessage;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.component.TestBridge;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.state.Change;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.Inboxes.Tally;
import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mails that Camel fetches from a mailbox over IMAP. */
@Timeout(60)
class MailInTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ANN = """
            From: =?UTF-8?Q?Ann_Z=C3=B6e?= <ann@example.com>
            To: Sales <sales@example.com>, desk@example.com
            Subject: =?ISO-8859-1?Q?Gr=FC=DFe?= from
              afar
            Message-ID: <1@example.com>
            """;

    @TempDir
    private static Path folder;

    private static final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
    private static final GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_IMAP));
    private static final AtomicLong fetched = new AtomicLong();
    private static final ExecutorService threads = Executors.newCachedThreadPool();
    private static ServerSocket between;
    private static GreenMailUser user;
    private static TestBridge bridge;
    private int earlier;
    private Tally before;

    @BeforeAll
    static void start() throws IOException {
        server.start();
        user = server.setUser("leads@example.com", "leads", "secret");
        between = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.submit(MailInTest::connect);
        bridge = TestBridge.in(folder, sandbox)
                .yaml("""
                        - route:
                            id: leads-mail
                            from:
                              uri: imap:127.0.0.1:%d
                              parameters: { username: leads, password: secret, mapMailMessage: false, delay: 50, initialDelay: 0 }
                              steps:
                                - to: { uri: "inbox:leads", parameters: { format: mail } }
                        """.formatted(between.getLocalPort()))
                .yaml(InboxRouteTest.reading("leads", "inbox:leads"))
                .start();
    }

    @BeforeEach
    void empty() throws Exception {
        server.purgeEmailFromAllMailboxes();
        earlier = 0;
        earlier = entries().size();
        before = tally();
        fetched.set(0);
    }

    private static Tally tally() {
        return bridge.store().inboxes().tallies().stream().findFirst().orElse(new Tally(0, 0, 0, 0, 0));
    }

    @AfterAll
    static void close() throws IOException {
        bridge.close();
        between.close();
        threads.shutdownNow();
        server.stop();
        sandbox.close();
    }

    /** Hands on what passes between the route and the server, and counts what the route fetches. */
    private static Void connect() throws IOException {
        while (!between.isClosed()) {
            Socket client = between.accept();
            Socket behind = new Socket("127.0.0.1", server.getImap().getPort());
            client.setTcpNoDelay(true);
            behind.setTcpNoDelay(true);
            threads.submit(() -> copy(client, behind, new AtomicLong()));
            threads.submit(() -> copy(behind, client, fetched));
        }
        return null;
    }

    private static Void copy(Socket from, Socket to, AtomicLong count) throws IOException {
        byte[] some = new byte[1 << 13];
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int read = in.read(some); read >= 0; read = in.read(some)) {
            count.addAndGet(read);
            out.write(some, 0, read);
        }
        to.close();
        return null;
    }

    private void deliver(String headers, String rest) throws MessagingException {
        String mail = headers + rest;
        user.deliver(new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(mail.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1))));
    }

    private static String from(String address, int id) {
        return "From: %s\nMessage-ID: <%d@example.com>\n".formatted(address, id);
    }

    private static MailFolder inbox() throws FolderException {
        return server.getManagers().getImapHostManager().getInbox(user);
    }

    private void awaitSeen(int mails) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> inbox().getMessages().size() == mails
                        && inbox().getMessages().stream().allMatch(mail -> mail.isSet(Flags.Flag.SEEN)));
    }

    private List<JsonNode> entries() throws IOException {
        List<JsonNode> entries = new ArrayList<>();
        for (FeedState feed : bridge.store().sources().feeds()) {
            if (feed.name().equals("inbox/leads")) {
                for (Change entry : bridge.store().log().read(feed.id(), 0, 0, 1_000)) {
                    entries.add(JSON.readTree(entry.body()));
                }
            }
        }
        return entries.subList(earlier, entries.size());
    }

    private JsonNode entryOf(String headers, String rest) throws Exception {
        deliver(headers, rest);
        awaitSeen(inbox().getMessages().size());
        List<JsonNode> entries = entries();
        return entries.get(entries.size() - 1);
    }

    @Test
    void a_mail_is_an_entry_with_who_wrote_what_and_when() throws Exception {
        JsonNode entry = entryOf(ANN, """
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: quoted-printable

                Hello,
                Z=C3=B6e
                """);

        assertThat(BundleReader.read(Bundle.at(folder.resolve("bundle"), Map.of()), Map.of())
                        .warnings())
                .isEmpty();
        assertThat(entry.get("receivedAt").asText()).startsWith("20").endsWith("Z");
        ((ObjectNode) entry).remove("receivedAt");
        assertThat(entry.toString())
                .isEqualTo("{\"email\":\"ann@example.com\",\"name\":\"Ann Zöe\",\"subject\":\"Grüße from afar\","
                        + "\"text\":\"Hello,\\nZöe\",\"messageId\":\"<1@example.com>\","
                        + "\"to\":[\"sales@example.com\",\"desk@example.com\"]}");
    }

    @Test
    void the_answer_goes_to_reply_to_and_html_alone_is_read_as_text() throws Exception {
        JsonNode html = entryOf("""
                From: Our form <noreply@example.com>
                Reply-To: "Ben =?UTF-8?Q?B=0D=0ABcc:_x@example.com?=" <ben@example.com>
                Message-ID: <2@example.com>
                """, """
                Content-Type: text/html; charset=nonsense

                <html><head><title>no</title><style>p {}</style></head><body><p>One &amp; two&nbsp;&euro;</p>
                <script>alert(1)</script>three<br>four<table><tr><td>a</td><td>b</td></tr></table><ul><li>x<li>y</ul>
                """);
        JsonNode same = entryOf("""
                From: Cem Can <CEM@example.com>
                Reply-To: cem@example.com
                Subject: Zo\u00eb
                Message-ID: <3@example.com>
                """, """
                Content-Type: multipart/alternative; boundary=x

                --x
                Content-Type: text/plain

                \u0020
                --x
                Content-Type: text/html; charset=us-ascii

                <p>Gr\u00fc\u00dfe
                --x--
                """);

        assertThat(html.get("email").asText()).isEqualTo("ben@example.com");
        assertThat(html.get("name").asText()).startsWith("Ben").doesNotContain("\r", "\n");
        assertThat(html.get("text").asText()).isEqualTo("One & two €\nthree\nfour\na b\nx\ny");
        assertThat(same.get("email").asText()).isEqualTo("cem@example.com");
        assertThat(same.get("name").asText()).isEqualTo("Cem Can");
        assertThat(same.get("subject").asText()).isEqualTo("Zoë");
        assertThat(same.get("text").asText()).isEqualTo("Grüße");
    }

    @Test
    void nothing_of_an_attachment_is_fetched_and_a_forwarded_mail_is_not_read() throws Exception {
        String line = "QUJD".repeat(18) + "\n";
        JsonNode entry = entryOf(from("ann@example.com", 4), """
                Content-Type: multipart/mixed; boundary=outer

                --outer
                Content-Type: text/plain; name=terms.txt
                Content-Disposition: attachment; filename=terms.txt

                no
                --outer
                Content-Type: message/rfc822

                From: dan@example.com

                forwarded
                --outer
                Content-Type: multipart/related; boundary=related

                --related
                Content-Type: multipart/alternative; boundary=inner

                --inner
                Content-Type: text/plain

                plain \u00fc
                --inner
                Content-Type: text/html

                <b>html</b>
                --inner--
                --related--
                --outer
                Content-Type: application/pdf
                Content-Disposition: attachment; filename=big.pdf
                Content-Transfer-Encoding: base64

                """ + line.repeat(30_000_000 / 54) + "--outer--\n");

        assertThat(entry.get("text").asText()).isEqualTo("plain ü");
        assertThat(fetched.get()).isLessThan(100_000);
    }

    @Test
    void a_long_text_is_cut_and_says_so() throws Exception {
        JsonNode entry = entryOf(from("ann@example.com", 5), "\n" + "words and words\n".repeat(100_000));

        assertThat(entry.get("text").asText()).hasSizeBetween(90_000, 102_400);
        assertThat(entry.get("textCut").asBoolean()).isTrue();
        assertThat(fetched.get()).isLessThan(300_000);
    }

    @Test
    void a_mail_that_is_fetched_again_is_appended_once() throws Exception {
        deliver(from("ann@example.com", 12), "\nonce\n");
        deliver("From: ben@example.com\nDate: Thu, 26 Nov 2026 01:00:00 +0000\nSubject: no id\n", "\nonce\n");
        awaitSeen(2);
        for (StoredMessage mail : inbox().getMessages()) {
            mail.setFlag(Flags.Flag.SEEN, false);
        }

        await().until(() -> tally().duplicates() >= before.duplicates() + 2);
        awaitSeen(2);
        assertThat(entries()).hasSize(2);
    }

    @Test
    void what_machines_send_is_left_out_and_counted() throws Exception {
        deliver(from("a@example.com", 6), "Auto-Submitted: auto-replied; x=y\n\nI am away\n");
        deliver(from("b@example.com", 7), "Return-Path: <>\n\nYour mail came back\n");
        deliver(from("c@example.com", 8), "Precedence: Bulk\n\nNews\n");
        deliver(from("d@example.com", 9), "Auto-Submitted: No\n\nHello\n");
        awaitSeen(4);

        assertThat(entries()).extracting(entry -> entry.get("email").asText()).containsExactly("d@example.com");
        await().until(() -> tally().dropped() == before.dropped() + 3);
    }

    @Test
    void a_mail_without_a_usable_sender_stays_flagged_and_holds_up_no_other() throws Exception {
        deliver(from("undisclosed sender", 10), "\nHello\n");
        deliver("Subject: nobody\n", "\nHello\n");
        deliver(from("gus@example.com", 11), "\nHello\n");
        awaitSeen(3);

        assertThat(entries()).extracting(entry -> entry.get("email").asText()).containsExactly("gus@example.com");
        assertThat(inbox().getMessages())
                .extracting(mail -> mail.isSet(Flags.Flag.FLAGGED))
                .containsExactly(true, true, false);
    }
}
