import Synchronization

/// A mask that learns secrets while it is in use.
final class LiveMask: Sendable {
    /// What was learned last is looked for; a token of long ago is good for nothing.
    private static let most = 64

    private struct State {
        var pairs: [String: String] = [:]
        var session: [String] = []
        var mask: SecretMask
    }

    private let secrets: [String: Secret]
    private let state: Mutex<State>

    /// Masks the secrets.
    init(secrets: [String: Secret]) {
        self.secrets = secrets
        state = Mutex(State(mask: SecretMask(secrets: secrets)))
    }

    /// Masks further texts that stand for a secret from now on, such as the Basic form of user and password.
    func add(_ pairs: [String: String]) {
        change { $0.pairs.merge(pairs) { _, new in new } }
    }

    /// Masks a token, or its parts, from now on, shown as `[session]`.
    func learn(_ parts: [String]) {
        change { state in
            let new = parts.filter { !state.session.contains($0) }
            state.session = Array((new + state.session).prefix(Self.most))
        }
    }

    func mask(_ text: String) -> String { present.mask(text) }

    func mask(_ bytes: [UInt8]) -> [UInt8] { present.mask(bytes) }

    private var present: SecretMask { state.withLock(\.mask) }

    private func change(_ change: (inout State) -> Void) {
        state.withLock { state in
            change(&state)
            state.mask = SecretMask(secrets: secrets, pairs: state.pairs, session: state.session)
        }
    }
}
