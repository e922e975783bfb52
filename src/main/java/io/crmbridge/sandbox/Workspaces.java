package io.crmbridge.sandbox;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The workspaces of one sandbox; the first is the default one. Thread-safe. */
final class Workspaces {
    private final List<Workspace> all = new CopyOnWriteArrayList<>();
    private final SandboxOptions options;
    private final Outbox outbox;

    Workspaces(SandboxOptions options, Outbox outbox) {
        this.options = options;
        this.outbox = outbox;
    }

    synchronized Workspace add(String id, String name, String apiKey) {
        for (Workspace workspace : all) {
            if (workspace.id().equals(id) || workspace.apiKey().equals(apiKey)) {
                throw new IllegalArgumentException("Workspace %s has this id or this key already; both must be its own."
                        .formatted(workspace.id()));
            }
        }
        Workspace workspace = new Workspace(id, name, apiKey, options, outbox);
        all.add(workspace);
        return workspace;
    }

    List<Workspace> all() {
        return all;
    }

    Workspace first() {
        return all.get(0);
    }

    /** The workspace with this key, revoked or not. */
    Optional<Workspace> withKey(String apiKey) {
        return all.stream()
                .filter(workspace -> workspace.apiKey().equals(apiKey))
                .findFirst();
    }

    Workspace withId(String id) {
        return all.stream()
                .filter(workspace -> workspace.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("There is no workspace '%s'.".formatted(id)));
    }
}
