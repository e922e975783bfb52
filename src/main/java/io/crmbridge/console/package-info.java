/** What a person sees of a bridge: its status as text and JSON, the ops page, health. No record's data appears here. */
package io.crmbridge.console;
