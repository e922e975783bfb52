/** The one embedded HTTP server; the rooms above register what it serves. */
package io.crmbridge.web;
