package io.crmbridge.sandbox;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** "The SMTP sending accounts configured for this workspace." */
final class SendingAccounts {
    private final Outreach outreach;
    private final Map<String, SendingAccount> accounts = new LinkedHashMap<>();

    SendingAccounts(Outreach outreach) {
        this.outreach = outreach;
    }

    String add(String name, String fromName, String fromEmail, String smtpHost, boolean syncEnabled) {
        synchronized (outreach.lock()) {
            String id = outreach.ids().next();
            accounts.put(id, new SendingAccount(id, name, fromName, fromEmail, smtpHost, syncEnabled));
            return id;
        }
    }

    /** Sequences that send by it "fall back to the platform default sender". */
    void remove(String id) {
        synchronized (outreach.lock()) {
            if (accounts.remove(id) == null) {
                throw new NoSuchElementException("There is no sending account '%s'.".formatted(id));
            }
            for (Sequence sequence : outreach.sequences()) {
                SequenceSettings settings = sequence.settings();
                if (id.equals(settings.sendingAccountId())) {
                    sequence.settings(
                            new SequenceSettings(settings.name(), settings.description(), settings.status(), null),
                            outreach.now());
                }
            }
        }
    }

    boolean has(String id) {
        synchronized (outreach.lock()) {
            return accounts.containsKey(id);
        }
    }

    /** The account, or the platform's for null. */
    SendingAccount sender(String id) {
        synchronized (outreach.lock()) {
            return accounts.getOrDefault(String.valueOf(id), SendingAccount.PLATFORM);
        }
    }

    /** Whether a mail to this address is read: the account's "syncEnabled", which the document does not explain. */
    boolean reads(String address) {
        synchronized (outreach.lock()) {
            return accounts.values().stream()
                    .anyMatch(account ->
                            account.syncEnabled() && account.fromEmail().equalsIgnoreCase(address));
        }
    }

    List<Map<String, Object>> rows() {
        synchronized (outreach.lock()) {
            return accounts.values().stream()
                    .map(account -> account.row(outreach.ids()))
                    .toList();
        }
    }
}
