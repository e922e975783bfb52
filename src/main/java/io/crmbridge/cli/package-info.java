/** The commands, one class each, and what they share. Exit codes are in one place. */
package io.crmbridge.cli;
