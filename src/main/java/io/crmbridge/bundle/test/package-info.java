/** What {@code bundle test} runs: tests/*.test.yaml, each route against a recorder, with a frozen clock and records of its own. */
package io.crmbridge.bundle.test;
