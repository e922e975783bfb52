package io.crmbridge.sandbox;

import com.icegreen.greenmail.Managers;
import com.icegreen.greenmail.imap.ImapHandler;
import com.icegreen.greenmail.imap.commands.IdRange;
import com.icegreen.greenmail.mail.MovingMessage;
import com.icegreen.greenmail.server.AbstractServer;
import com.icegreen.greenmail.server.ProtocolHandler;
import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.user.UserException;
import com.icegreen.greenmail.user.UserManager;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.Flags;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The mails to one address, as one user reads and deletes them by IMAP. They stay when the server is down. */
final class Inbox {
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
    /** "The duration of that timer MUST be at least 30 minutes", RFC 3501. */
    private static final Duration IDLE = Duration.ofMinutes(30);

    private final String address;
    private final int most;
    private final Managers managers = new Managers();
    private final UserManager users = new UserManager(managers.getImapHostManager()) {
        @Override
        public boolean test(String username, String password) {
            return login.equals(new Login(username, password));
        }

        @Override
        public GreenMailUser getUser(String username) {
            return user;
        }
    };
    private final GreenMailUser user;
    private final MailFolder folder;
    private volatile Login login;

    private record Login(String username, String password) {}

    /** @param most so many mails are kept, the newest ones */
    Inbox(String address, String username, String password, int most) {
        this.address = address;
        this.most = most;
        login(username, password);
        try {
            user = managers.getUserManager().createUser(address, username, password);
            folder = managers.getImapHostManager().getInbox(user);
        } catch (UserException | FolderException e) {
            throw new IllegalStateException(e);
        }
    }

    void login(String username, String password) {
        login = new Login(username, password);
    }

    /** Keeps it if it is for this address. */
    void take(MovingMessage mail) {
        if (mail.getToAddresses().stream().anyMatch(to -> address.equalsIgnoreCase(to.getEmail()))) {
            user.deliver(mail);
            long[] kept = folder.getMessageUids();
            if (kept.length > most) {
                delete(kept[0]);
            }
        }
    }

    void clear() {
        for (long uid : folder.getMessageUids()) {
            delete(uid);
        }
    }

    /** Whoever reads by IMAP at the moment is told. */
    private void delete(long uid) {
        try {
            folder.setFlags(new Flags(Flags.Flag.DELETED), true, uid, null, false);
            folder.expunge(new IdRange[] {new IdRange(uid)});
        } catch (FolderException e) {
            LOG.debug("The reader deleted mail {} first", uid, e);
        }
    }

    /** @param port 0 for any free one */
    AbstractServer server(int port) {
        return new Server(port);
    }

    private final class Server extends AbstractServer {
        Server(int port) {
            super(new ServerSetup(port, WebServer.HOST, ServerSetup.PROTOCOL_IMAP), Inbox.this.managers);
            setClientSocketTimeout((int) IDLE.toMillis());
        }

        @Override
        protected ServerSocket openServerSocket() {
            try {
                return super.openServerSocket();
            } catch (IOException e) {
                // As it is, it would be logged as an error of this class; the mailbox says it in a sentence.
                throw new UncheckedIOException(e);
            }
        }

        @Override
        protected ProtocolHandler createProtocolHandler(Socket socket) {
            return new Handler(socket);
        }
    }

    private final class Handler extends ImapHandler {
        Handler(Socket socket) {
            super(users, managers.getImapHostManager(), socket);
        }

        @Override
        public void run() {
            try {
                super.run();
            } catch (IllegalStateException e) {
                // A client that hangs up would show as a stack trace on the screen.
                LOG.debug("An IMAP connection broke", e);
            }
        }
    }
}
