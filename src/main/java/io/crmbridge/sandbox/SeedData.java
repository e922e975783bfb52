package io.crmbridge.sandbox;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Visibly synthetic records, the same in every run. */
final class SeedData {
    private static final Duration BETWEEN_RECORDS = Duration.ofMinutes(1);
    private static final List<String> INVOICE_STATUSES = List.of("paid", "sent", "overdue");

    private SeedData() {}

    /** So many records of each resource, a minute apart, the newest a minute old. */
    static void fill(Records records, int count) {
        Instant end = records.now();
        for (int i = 1; i <= count; i++) {
            Instant stamp = end.minus(BETWEEN_RECORDS.multipliedBy(count - i + 1L));
            String company = records.create(Resource.COMPANIES, fields(Resource.COMPANIES, i), stamp);
            String contact = records.create(Resource.CONTACTS, linked(Resource.CONTACTS, i, company, null), stamp);
            records.create(Resource.DEALS, linked(Resource.DEALS, i, company, contact), stamp);
            Map<String, Object> invoice = linked(Resource.INVOICES, i, company, contact);
            invoice.putAll(invoiceDates(INVOICE_STATUSES.get(i % INVOICE_STATUSES.size()), end));
            records.create(Resource.INVOICES, invoice, stamp);
            records.create(Resource.PROJECTS, linked(Resource.PROJECTS, i, company, null), stamp);
        }
    }

    /** The fields of record number {@code number}, without references to others. */
    static Map<String, Object> fields(Resource resource, int number) {
        String digits = "%04d".formatted(number);
        return switch (resource) {
            case CONTACTS ->
                Map.of(
                        "firstName",
                        "Contact",
                        "lastName",
                        digits,
                        "email",
                        "contact" + digits + "@example.com",
                        "phone",
                        "+1 202 555 0%03d".formatted(number % 1000),
                        "title",
                        "Tester");
            case COMPANIES ->
                Map.of("name", "Company " + digits, "website", "https://company" + digits + ".example.com");
            case DEALS ->
                Map.of(
                        "name",
                        "Deal " + digits,
                        "amount",
                        BigDecimal.valueOf(100_000L + number % 100 * 2_500L, 2),
                        "currency",
                        "USD",
                        "stageName",
                        List.of("New", "Qualified", "Proposal").get(number % 3));
            case INVOICES -> {
                BigDecimal subtotal = BigDecimal.valueOf(50_000L + number % 100 * 1_000L, 2);
                BigDecimal tax = subtotal.movePointLeft(1).setScale(2);
                yield Map.of(
                        "number",
                        "INV-" + digits,
                        "status",
                        "draft",
                        "currency",
                        "USD",
                        "subtotal",
                        subtotal,
                        "tax",
                        tax,
                        "total",
                        subtotal.add(tax));
            }
            case PROJECTS ->
                Map.of(
                        "name",
                        "Project " + digits,
                        "stageName",
                        List.of("Planned", "Active", "Done").get(number % 3));
        };
    }

    private static Map<String, Object> linked(Resource resource, int number, String company, String contact) {
        Map<String, Object> fields = new LinkedHashMap<>(fields(resource, number));
        fields.put("companyId", company);
        if (contact != null) {
            fields.put("contactId", contact);
        }
        return fields;
    }

    private static Map<String, Object> invoiceDates(String status, Instant now) {
        Instant due = now.atZone(ZoneOffset.UTC).with(LocalTime.MIDNIGHT).toInstant();
        return switch (status) {
            case "paid" ->
                Map.of(
                        "status", status,
                        "dueDate", Stamps.iso(due.minus(Duration.ofDays(7))),
                        "paidAt", Stamps.iso(due.minus(Duration.ofDays(9))));
            case "overdue" -> Map.of("status", status, "dueDate", Stamps.iso(due.minus(Duration.ofDays(14))));
            default -> Map.of("status", status, "dueDate", Stamps.iso(due.plus(Duration.ofDays(30))));
        };
    }
}
