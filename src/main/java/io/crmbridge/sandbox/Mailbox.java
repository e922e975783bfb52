package io.crmbridge.sandbox;

import com.icegreen.greenmail.Managers;
import com.icegreen.greenmail.mail.MailAddress;
import com.icegreen.greenmail.mail.MovingMessage;
import com.icegreen.greenmail.server.AbstractServer;
import com.icegreen.greenmail.smtp.SmtpManager;
import com.icegreen.greenmail.smtp.SmtpServer;
import com.icegreen.greenmail.smtp.SmtpState;
import com.icegreen.greenmail.user.UserManager;
import com.icegreen.greenmail.util.ServerSetup;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * A mail server on its own port that takes every mail, by whomever, and keeps it instead of passing it on. It speaks
 * plain SMTP, offers a login and no encryption. What is for {@link #READ_ADDRESS} is in the INBOX of its one IMAP user too,
 * on another port: seen, deleted and expunged as that user does. Its faults are those of SMTP. Thread-safe.
 */
public final class Mailbox implements AutoCloseable {
    /** So many mails are kept, the newest ones; {@link #count()} counts on. */
    static final int KEPT = 1_000;

    /** Mails to this address are read by IMAP. */
    public static final String READ_ADDRESS = "leads@example.com";

    /** The IMAP user, unless {@link #imapLogin} names another. */
    public static final String IMAP_USERNAME = "leads";

    public static final String IMAP_PASSWORD = "not-a-secret";

    private static final Duration STOP = Duration.ofSeconds(1);
    private static final Duration SILENCE = Duration.ofHours(1);

    private final Clock clock;
    private final Deque<Mail> mails = new ArrayDeque<>();
    private final List<MailFault> faults = new ArrayList<>();
    private final Inbox inbox = new Inbox(READ_ADDRESS, IMAP_USERNAME, IMAP_PASSWORD, KEPT);
    private final int port;
    private final int imapPort;
    private volatile String login;
    private volatile Consumer<Mail> reader = mail -> {};
    private Waits silence;
    private int count;
    /** SMTP and IMAP; empty while it is down. */
    private List<AbstractServer> servers;

    private Mailbox(int requestedPort, int requestedImapPort, Clock clock) {
        this.clock = clock;
        servers = startServers(requestedPort, requestedImapPort);
        port = servers.get(0).getPort();
        imapPort = servers.get(1).getPort();
    }

    static Mailbox start(int port, int imapPort, Clock clock) {
        return new Mailbox(port, imapPort, clock);
    }

    /** On 127.0.0.1; the same after {@link #restart()}. */
    public int port() {
        return port;
    }

    /** On 127.0.0.1; the same after {@link #restart()}. */
    public int imapPort() {
        return imapPort;
    }

    /** The mails since the start or {@link #clear()}, oldest first; the newest 1,000 of them. */
    public List<Mail> mails() {
        synchronized (mails) {
            return List.copyOf(mails);
        }
    }

    /** How many mails were taken since the start or {@link #clear()}; one to many recipients counts once. */
    public int count() {
        synchronized (mails) {
            return count;
        }
    }

    /** Forgets the mails, also those that are read by IMAP. */
    public void clear() {
        synchronized (mails) {
            mails.clear();
            count = 0;
        }
        inbox.clear();
    }

    /** Answers so many mails with this reply instead of taking them, 400 to 599. */
    public void refuse(int reply, int times) {
        add(new MailFault(reply, "", times));
    }

    /** Answers so many times with this reply, 400 to 599, when a mail is for this address; its others get it. */
    public void refuseRecipient(String address, int reply, int times) {
        add(new MailFault(reply, address, times));
    }

    private void add(MailFault fault) {
        synchronized (faults) {
            faults.add(fault);
        }
    }

    /** Takes connections and then says no more, until {@link #clearFaults()}. */
    public void stopAnswering() {
        synchronized (faults) {
            silence = silence == null ? new Waits() : silence;
        }
    }

    public void clearFaults() {
        synchronized (faults) {
            faults.clear();
            if (silence != null) {
                silence.end();
                silence = null;
            }
        }
    }

    /** Refuses every other login from now on. Who does not log in is still served. */
    public void requireLogin(String username, String password) {
        login = username + "\n" + password;
    }

    /** The only login that IMAP takes from now on. */
    public void imapLogin(String username, String password) {
        inbox.login(username, password);
    }

    /** Closes the ports and every connection: the server is down. Keeps what was taken. Does nothing when stopped. */
    public synchronized void stop() {
        if (!servers.isEmpty()) {
            clearFaults();
            servers.forEach(Mailbox::stop);
            servers = List.of();
        }
    }

    /** Opens the same ports again; throws {@link SandboxException} if one was taken meanwhile. Nothing when running. */
    public synchronized void restart() {
        if (servers.isEmpty()) {
            servers = startServers(port, imapPort);
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** Shows it every mail to come, after it was taken, on the thread of its sender. */
    void readBy(Consumer<Mail> newReader) {
        reader = newReader;
    }

    /** The newest mails, newest first. */
    List<Mail> newest(int limit) {
        List<Mail> newest = new ArrayList<>();
        synchronized (mails) {
            Iterator<Mail> all = mails.descendingIterator();
            while (all.hasNext() && newest.size() < limit) {
                newest.add(all.next());
            }
        }
        return newest;
    }

    private List<AbstractServer> startServers(int wantedPort, int wantedImapPort) {
        AbstractServer smtp = start(smtpServer(wantedPort), "mail server", wantedPort);
        try {
            return List.of(smtp, start(inbox.server(wantedImapPort), "mail server (IMAP)", wantedImapPort));
        } catch (SandboxException e) {
            stop(smtp);
            throw e;
        }
    }

    private SmtpServer smtpServer(int wanted) {
        Manager manager = new Manager();
        return new SmtpServer(new ServerSetup(wanted, WebServer.HOST, ServerSetup.PROTOCOL_SMTP), new Managers() {
            @Override
            public SmtpManager getSmtpManager() {
                return manager;
            }
        });
    }

    private static AbstractServer start(AbstractServer server, String purpose, int wanted) {
        server.setDaemon(true);
        // What it says of a port that is taken is said by the exception below.
        server.setUncaughtExceptionHandler((thread, failure) -> {});
        server.startService();
        try {
            if (server.waitTillRunning(Duration.ofSeconds(10).toMillis())) {
                return server;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new SandboxException(
                "The sandbox %s cannot listen on port %d of %s: another program has it. Choose another port, or 0 for any free one."
                        .formatted(purpose, wanted, WebServer.HOST),
                null);
    }

    private static void stop(AbstractServer server) {
        server.stopService(STOP.toMillis());
    }

    private void take(MovingMessage message) {
        Mail mail;
        synchronized (mails) {
            count++;
            mail = Mail.of(Integer.toString(count), clock.instant(), message);
            mails.addLast(mail);
            if (mails.size() > KEPT) {
                mails.removeFirst();
            }
        }
        inbox.take(message);
        reader.accept(mail);
    }

    /** The reply to refuse with, or null. @param recipient empty: a mail is about to begin */
    private String refusal(String recipient) {
        Waits waits;
        synchronized (faults) {
            waits = silence;
        }
        if (waits != null) {
            waits.await(SILENCE);
        }
        synchronized (faults) {
            for (MailFault fault : faults) {
                if (fault.take(recipient)) {
                    return fault.reply() + " The sandbox was told to refuse this";
                }
            }
        }
        return null;
    }

    /** GreenMail asks it what to do with each step of a mail. */
    private final class Manager extends SmtpManager {
        private final UserManager users = new UserManager(null) {
            @Override
            public boolean test(String username, String password) {
                String wanted = login;
                return wanted == null || wanted.equals(username + "\n" + password);
            }
        };

        Manager() {
            super(null, null);
        }

        @Override
        public UserManager getUserManager() {
            return users;
        }

        @Override
        public String checkSender(SmtpState state, MailAddress sender) {
            return refusal("");
        }

        @Override
        public String checkRecipient(SmtpState state, MailAddress recipient) {
            return refusal(recipient.getEmail());
        }

        @Override
        public synchronized void send(SmtpState state) {
            take(state.getMessage());
        }
    }
}
