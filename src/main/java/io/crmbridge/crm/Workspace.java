package io.crmbridge.crm;

/** What a connection's key answers for; the id is the identity of the connection. */
public record Workspace(String id, String name) {}
