package io.crmbridge.sandbox;

/** So many mails, or mails to one address, that are refused. */
final class MailFault {
    private final int reply;
    private final String recipient;
    private int left;

    /** @param recipient empty: every mail */
    MailFault(int reply, String recipient, int times) {
        if (reply < 400 || reply > 599) {
            throw new IllegalArgumentException("reply must be between 400 and 599, and is %d.".formatted(reply));
        }
        if (times < 1) {
            throw new IllegalArgumentException("times must be at least 1, and is %d.".formatted(times));
        }
        this.reply = reply;
        this.recipient = recipient;
        this.left = times;
    }

    int reply() {
        return reply;
    }

    boolean take(String asked) {
        if (left == 0 || !recipient.equalsIgnoreCase(asked)) {
            return false;
        }
        left--;
        return true;
    }
}
