package io.crmbridge.sandbox.intellivizz;

import io.crmbridge.sandbox.Body;
import java.util.Map;

/** Invoices and transactions, newest first. */
final class PaymentsApi {
    private static final String READ = "payments.read";

    void addTo(Endpoints endpoints) {
        endpoints.post("/invoices/", "payments.write", PaymentsApi::create);
        endpoints.get("/invoices/", READ, call -> {
            Slice invoices = call.read(
                    call.alternative(call.query("altType"), call.query("altId")),
                    window(call, Resource.INVOICES, "updatedFrom", "updatedTo")
                            .filter(Call.equal("status", call.query("status"))));
            call.list("invoices", invoices);
        });
        endpoints.get("/payments/transactions", READ, call -> {
            Slice transactions = call.read(
                    call.alternative(call.query("altType"), call.query("altId")),
                    window(call, Resource.TRANSACTIONS, "startAt", "endAt"));
            call.list("data", transactions.fields(), Map.of("totalCount", transactions.total()));
        });
    }

    private static Ask window(Call call, Resource resource, String from, String until) {
        return Ask.of(resource)
                .filter(Call.from(call.stamp(from)))
                .filter(Call.until(call.stamp(until)))
                .order(Order.ADDED_DESC)
                .offset(call.number("offset", 0))
                .limit(call.limit(10, 100));
    }

    private static void create(Call call) {
        Body body = call.body();
        Location location = call.alternative(body.text("altType"), body.text("altId"));
        body.requiredText("name");
        Records records = location.records();
        call.bare(201, records.create(Resource.INVOICES, Defaults.of(Resource.INVOICES, call.fields(), records)));
    }
}
