package io.crmbridge.crm;

/** A credential that does not show itself in logs, errors or debuggers. */
public record Secret(String value) {

    public boolean isEmpty() {
        return value.isBlank();
    }

    @Override
    public String toString() {
        return "***";
    }
}
