package io.crmbridge.sandbox;

import java.util.Locale;

/** "A count per status — active / paused / completed / unsubscribed"; only an active enrolment sends. */
enum EnrollmentStatus {
    ACTIVE,
    PAUSED,
    COMPLETED,
    UNSUBSCRIBED;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
