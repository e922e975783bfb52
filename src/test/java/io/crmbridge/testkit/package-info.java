/** What tests of routes in Java start from; published beside the program, and no part of it. */
package io.crmbridge.testkit;
