/** What a bundle brings along as code: sources in routes/, jars in lib/, and the class loader they live in. */
package io.crmbridge.bundle.code;
