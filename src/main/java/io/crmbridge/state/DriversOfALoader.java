package io.crmbridge.state;

import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Enumeration;

/**
 * Ends the registration of the JDBC drivers that the class loader of this class has loaded. The DriverManager heeds only a
 * caller of that loader, which therefore defines this class anew from its bytes.
 */
public final class DriversOfALoader implements Runnable {
    public DriversOfALoader() {}

    @Override
    public void run() {
        for (Enumeration<Driver> drivers = DriverManager.getDrivers(); drivers.hasMoreElements(); ) {
            Driver driver = drivers.nextElement();
            if (driver.getClass().getClassLoader() == getClass().getClassLoader()) {
                try {
                    DriverManager.deregisterDriver(driver);
                } catch (SQLException e) {
                    throw new IllegalStateException("a driver does not end", e);
                }
            }
        }
    }
}
