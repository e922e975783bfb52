package io.crmbridge.bundle;

import io.crmbridge.crm.Operation;
import io.crmbridge.crm.impactiveai.Operations;
import io.crmbridge.crm.intellivizz.CatalogueEntry;
import java.util.List;
import java.util.Optional;

/** Which steps write to a CRM. */
final class CrmWrites {
    private CrmWrites() {}

    /** What is written to, with the operation; empty where a step only reads. */
    static Optional<String> write(BridgeConfig config, Use use) {
        if (!ConnectionCheck.CRMS.contains(use.scheme())) {
            return Optional.empty();
        }
        List<Operation> known;
        try {
            known = operations(config, use);
        } catch (BundleException e) {
            // The check of the address tells what is wrong with the catalogue.
            return Optional.empty();
        }
        String operation = use.option("operation")
                .orElse(known.stream().map(Operation::name).findFirst().orElse(""));
        boolean once = operation.equals("upsert") && use.is("impactiveai")
                || known.stream().anyMatch(it -> it.name().equals(operation) && it.kind() == Operation.Kind.ONCE);
        return once ? Optional.of(use.base() + " that " + operation) : Optional.empty();
    }

    private static List<Operation> operations(BridgeConfig config, Use use) {
        return use.is("impactiveai")
                ? Operations.ALL.stream()
                        .filter(it -> it.resource().equals(use.name()))
                        .toList()
                : config.crm().catalogue(ConnectionCheck.connection(use)).operations(use.name()).stream()
                        .map(CatalogueEntry::operation)
                        .toList();
    }
}
