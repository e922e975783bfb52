package io.crmbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.mail.MailAddress;
import com.icegreen.greenmail.mail.MovingMessage;
import com.icegreen.greenmail.server.AbstractServer;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.search.FlagTerm;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.eclipse.angus.mail.util.MailConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The mails to leads@example.com, as any mail program reads them. */
@Timeout(60)
class InboxTest extends SandboxTest {
    private static final FlagTerm UNSEEN = new FlagTerm(new Flags(Flags.Flag.SEEN), false);

    private static Session session() {
        Properties properties = new Properties();
        properties.put("mail.imap.connectiontimeout", "5000");
        properties.put("mail.imap.timeout", "5000");
        // Otherwise it asks the system for its name, which may take seconds.
        properties.put("mail.smtp.localhost", "sandbox");
        return Session.getInstance(properties);
    }

    private void send(String subject, String to) throws MessagingException {
        MimeMessage mail = new MimeMessage(session());
        mail.setFrom(new InternetAddress("ann@example.com"));
        mail.setRecipient(Message.RecipientType.TO, new InternetAddress(to));
        mail.setSubject(subject, "UTF-8");
        mail.setText("Hello");
        mail.saveChanges();
        try (Transport transport = mail.getSession().getTransport("smtp")) {
            transport.connect("127.0.0.1", sandbox.mailbox().port(), null, null);
            transport.sendMessage(mail, mail.getAllRecipients());
        }
    }

    private static MovingMessage moving(String subject, String to) throws MessagingException {
        MimeMessage mail = new MimeMessage(session());
        mail.setSubject(subject);
        mail.setText("Hello");
        mail.saveChanges();
        MovingMessage moving = new MovingMessage();
        moving.addRecipient(new MailAddress(to));
        moving.setMimeMessage(mail);
        return moving;
    }

    private Store login(String username, String password) throws MessagingException {
        return login(sandbox.mailbox().imapPort(), username, password);
    }

    private static Store login(int port, String username, String password) throws MessagingException {
        Store store = session().getStore("imap");
        store.connect("127.0.0.1", port, username, password);
        return store;
    }

    private List<String> subjects(boolean unseen) throws MessagingException {
        try (Store store = login(Mailbox.IMAP_USERNAME, Mailbox.IMAP_PASSWORD)) {
            return subjects(store, unseen);
        }
    }

    private static List<String> subjects(Store store, boolean unseen) throws MessagingException {
        try (Folder inbox = store.getFolder("INBOX")) {
            inbox.open(Folder.READ_ONLY);
            Message[] messages = unseen ? inbox.search(UNSEEN) : inbox.getMessages();
            String[] subjects = new String[messages.length];
            for (int i = 0; i < messages.length; i++) {
                subjects[i] = messages[i].getSubject();
            }
            return Arrays.asList(subjects);
        }
    }

    @Test
    void only_mails_to_its_address_are_there_and_all_are_in_the_mailbox() throws Exception {
        send("Grüße", "Leads@Example.com");
        send("other", "sales@example.com");

        assertThat(subjects(true)).containsExactly("Grüße");
        assertThat(sandbox.mailbox().mails()).extracting(Mail::subject).containsExactly("Grüße", "other");
    }

    @Test
    void what_is_read_is_seen_and_what_is_deleted_is_gone_when_expunged() throws Exception {
        for (String subject : List.of("read", "deleted", "new")) {
            send(subject, Mailbox.READ_ADDRESS);
        }

        try (Store store = login(Mailbox.IMAP_USERNAME, Mailbox.IMAP_PASSWORD)) {
            Folder inbox = store.getFolder("INBOX");
            inbox.open(Folder.READ_WRITE);
            assertThat(inbox.getMessage(1).getContent().toString()).isEqualToIgnoringWhitespace("Hello");
            inbox.getMessage(2).setFlag(Flags.Flag.DELETED, true);
            inbox.close(true);
        }

        assertThat(subjects(true)).containsExactly("new");
        assertThat(subjects(false)).containsExactly("read", "new");
        assertThat(sandbox.mailbox().count()).isEqualTo(3);
    }

    @Test
    void only_its_login_is_taken() throws Exception {
        assertThatThrownBy(() -> login("leads", "wrong")).isInstanceOf(AuthenticationFailedException.class);

        sandbox.mailbox().imapLogin("office", "other");

        assertThatThrownBy(() -> login(Mailbox.IMAP_USERNAME, Mailbox.IMAP_PASSWORD))
                .isInstanceOf(AuthenticationFailedException.class);
        login("office", "other").close();
    }

    @Test
    void it_is_down_with_the_mail_server_and_comes_back_on_its_port_with_its_mails() throws Exception {
        send("before", Mailbox.READ_ADDRESS);
        int port = sandbox.mailbox().imapPort();
        sandbox.mailbox().stop();
        assertThatThrownBy(() -> subjects(false)).isInstanceOf(MailConnectException.class);

        sandbox.mailbox().restart();

        assertThat(sandbox.mailbox().imapPort()).isEqualTo(port);
        assertThat(subjects(false)).containsExactly("before");
    }

    @Test
    void clearing_the_mailbox_empties_it() throws Exception {
        send("before", Mailbox.READ_ADDRESS);
        sandbox.mailbox().clear();
        send("after", Mailbox.READ_ADDRESS);

        assertThat(subjects(false)).containsExactly("after");
    }

    @Test
    void only_the_newest_mails_are_kept() throws Exception {
        Inbox small = new Inbox("a@example.com", "a", "not-a-secret", 2);
        for (String subject : List.of("first", "second", "third")) {
            small.take(moving(subject, "a@example.com"));
        }
        AbstractServer server = small.server(0);
        server.startService();
        assertThat(server.waitTillRunning(5_000)).isTrue();
        try (Store store = login(server.getPort(), "a", "not-a-secret")) {
            assertThat(subjects(store, false)).containsExactly("second", "third");
        } finally {
            server.stopService(1_000);
        }
    }

    @Test
    void a_port_that_is_taken_is_told_and_leaves_no_server_behind() {
        SandboxOptions taken =
                SandboxOptions.defaults().withImapPort(sandbox.mailbox().imapPort());

        assertThatThrownBy(() -> Sandbox.start(taken))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("mail server (IMAP)")
                .hasMessageContaining("Choose another port");
    }
}
