import FoundationEssentials

/// Names the present boot of the machine.
enum BootID {
    /// Changes with every boot; nil where the system does not tell.
    static let current: String? = {
        // Without it only what was synced is relied on.
        guard let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8) else {
            return nil
        }
        let id = text.filter { !$0.isWhitespace }
        return id.isEmpty ? nil : id
    }()
}
