package io.crmbridge.sandbox;

import com.icegreen.greenmail.Managers;
import com.icegreen.greenmail.mail.MailAddress;
import com.icegreen.greenmail.mail.MovingMessage;
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
 * plain SMTP, offers a login and no encryption. Thread-safe.
 */
public final class Mailbox implements AutoCloseable {
    /** So many mails are kept, the newest ones; {@link #count()} counts on. */
    static final int KEPT = 1_000;

    private static final Duration STOP = Duration.ofSeconds(1);
    private static final Duration SILENCE = Duration.ofHours(1);

    private final Clock clock;
    private final Deque<Mail> mails = new ArrayDeque<>();
    private final List<MailFault> faults = new ArrayList<>();
    private final int port;
    private volatile String login;
    private volatile Consumer<Mail> reader = mail -> {};
    private Waits silence;
    private int count;
    private SmtpServer server;

    private Mailbox(int requestedPort, Clock clock) {
        this.clock = clock;
        server = startServer(requestedPort);
        port = server.getPort();
    }

    static Mailbox start(int port, Clock clock) {
        return new Mailbox(port, clock);
    }

    /** On 127.0.0.1; the same after {@link #restart()}. */
    public int port() {
        return port;
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

    public void clear() {
        synchronized (mails) {
            mails.clear();
            count = 0;
        }
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

    /** Closes the port and every connection: the server is down. Keeps what was taken. Does nothing when stopped. */
    public synchronized void stop() {
        if (server != null) {
            clearFaults();
            server.stopService(STOP.toMillis());
            server = null;
        }
    }

    /** Opens the same port again; throws {@link SandboxException} if it was taken meanwhile. Nothing when running. */
    public synchronized void restart() {
        if (server == null) {
            server = startServer(port);
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

    private SmtpServer startServer(int wanted) {
        Manager manager = new Manager();
        SmtpServer started =
                new SmtpServer(new ServerSetup(wanted, WebServer.HOST, ServerSetup.PROTOCOL_SMTP), new Managers() {
                    @Override
                    public SmtpManager getSmtpManager() {
                        return manager;
                    }
                });
        started.setDaemon(true);
        // What it says of a port that is taken is said by the exception below.
        started.setUncaughtExceptionHandler((thread, failure) -> {});
        started.startService();
        try {
            if (started.waitTillRunning(Duration.ofSeconds(10).toMillis())) {
                return started;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new SandboxException(
                "The sandbox mail server cannot listen on port %d of %s: another program has it. Choose another port, or 0 for any free one."
                        .formatted(wanted, WebServer.HOST),
                null);
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
