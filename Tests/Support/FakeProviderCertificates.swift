/// Certificates and keys for tests, worth nothing anywhere else; valid for 100 years.
///
/// Made with `openssl`: an authority, and two certificates it signed.
package enum FakeProviderCertificates {
    /// Signed the other two.
    package static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBpjCCAUugAwIBAgIUcPncVdQf/uk01eKPqOw/OoIzP9wwCgYIKoZIzj0EAwIw
        HzEdMBsGA1UEAwwUYWdlbnQgdGVzdCBhdXRob3JpdHkwIBcNMjYxMTIxMDg0NTA2
        WhgPMjEyNjEwMjgwODQ1MDZaMB8xHTAbBgNVBAMMFGFnZW50IHRlc3QgYXV0aG9y
        aXR5MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEGzf3lqzcf9+58bifA2hbu2fa
        xpQ7a3QqPUxOSZtbMED56qTKm7Xvb8ERA3YMiFNUzaMpGElVx0zSiAEaME3uLqNj
        MGEwHQYDVR0OBBYEFAM0xVQHAhpKIvI9oVdZ+urempf2MB8GA1UdIwQYMBaAFAM0
        xVQHAhpKIvI9oVdZ+urempf2MA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQD
        AgIEMAoGCCqGSM49BAMCA0kAMEYCIQClICdrI4D647G1VkSm9T7ibAo9x4CSW4mR
        kxvA8f9rAwIhAM+eL71f6ChayzkistKTqhwVm4AIrj1l3ZVayf995PJ1
        -----END CERTIFICATE-----
        """

    /// For the host `localhost`.
    package static let server = """
        -----BEGIN CERTIFICATE-----
        MIIBozCCAUqgAwIBAgIUTOGhFux/PDEilcyVx4+1jW4EH+4wCgYIKoZIzj0EAwIw
        HzEdMBsGA1UEAwwUYWdlbnQgdGVzdCBhdXRob3JpdHkwIBcNMjYxMTIxMDg0NTA2
        WhgPMjEyNjEwMjgwODQ1MDZaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqG
        SM49AgEGCCqGSM49AwEHA0IABH8p70qNQBQnN4lbEuS9RYHITD0JAtKFdU6hnEfD
        p7gWl6TVNgHt40S5zqCMtEoenSSjm4cEYQh91lIjJktjwP2jbTBrMBQGA1UdEQQN
        MAuCCWxvY2FsaG9zdDATBgNVHSUEDDAKBggrBgEFBQcDATAdBgNVHQ4EFgQUQ5xa
        Z/B3F51uBNoIsBnJ7nNDQxIwHwYDVR0jBBgwFoAUAzTFVAcCGkoi8j2hV1n66t6a
        l/YwCgYIKoZIzj0EAwIDRwAwRAIgWz7UchAIDqXcpYTre8kEcuKdduSXt4+fmRyF
        hGSpMSYCIBF19z4GAhfZiCb/RMEx8ALyCnLDWWto8ubSduPw6mrV
        -----END CERTIFICATE-----
        """

    /// The key to ``server``.
    package static let serverKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgqFgI9+FM7msJ+4xp
        O4UXC0hTQnY32Au0lPkUaPtGncihRANCAAR/Ke9KjUAUJzeJWxLkvUWByEw9CQLS
        hXVOoZxHw6e4Fpek1TYB7eNEuc6gjLRKHp0ko5uHBGEIfdZSIyZLY8D9
        -----END PRIVATE KEY-----
        """

    /// Shows who a client is.
    package static let client = """
        -----BEGIN CERTIFICATE-----
        MIIBlzCCATygAwIBAgIUTOGhFux/PDEilcyVx4+1jW4EH+8wCgYIKoZIzj0EAwIw
        HzEdMBsGA1UEAwwUYWdlbnQgdGVzdCBhdXRob3JpdHkwIBcNMjYxMTIxMDg0NTA2
        WhgPMjEyNjEwMjgwODQ1MDZaMBwxGjAYBgNVBAMMEWFnZW50IHRlc3QgY2xpZW50
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEzLWnxA+XtAXeop0cSUjlJ1m9w8l0
        unQpO+E3FZ52uUexeDGHT2/EipdgeymvpOuVSL25ySmCtuPDllQxSqwVoKNXMFUw
        EwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0OBBYEFJ6L8DCuTkvrF4ZAoTFDTtK4
        Jf/XMB8GA1UdIwQYMBaAFAM0xVQHAhpKIvI9oVdZ+urempf2MAoGCCqGSM49BAMC
        A0kAMEYCIQDzLW1F42ATgTMr7wNYMY8z6JfoPHBhvJ/glO37b2rb2wIhAM7aVs07
        Kzdl3XvG8D8nfpdQauQLxgNXzsEd2b6ZEo/V
        -----END CERTIFICATE-----
        """

    /// The key to ``client``.
    package static let clientKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg51Siaw5iQOkZHz1T
        CT0uoeS9nh3CeVSVLygkQ3ZVrgOhRANCAATMtafED5e0Bd6inRxJSOUnWb3DyXS6
        dCk74TcVnna5R7F4MYdPb8SKl2B7Ka+k65VIvbnJKYK248OWVDFKrBWg
        -----END PRIVATE KEY-----
        """
}
