package io.crmbridge.sandbox;

import java.util.LinkedHashMap;
import java.util.Map;

/** "Each row contains: id, name, fromName, fromEmail, smtpHost, syncEnabled. Credentials are never returned": here there are none. */
record SendingAccount(String id, String name, String fromName, String fromEmail, String smtpHost, boolean syncEnabled) {

    /** Whose mails go out where a sequence has no account: "the platform default sender". */
    static final SendingAccount PLATFORM = new SendingAccount(
            "", "Platform default", "CRM", "no-reply@platform.example", "smtp.platform.example", false);

    Map<String, Object> row(Ids ids) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", ids.shown(id));
        row.put("name", name);
        row.put("fromName", fromName);
        row.put("fromEmail", fromEmail);
        row.put("smtpHost", smtpHost);
        row.put("syncEnabled", syncEnabled);
        return row;
    }
}
