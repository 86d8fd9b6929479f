import type { Bytes } from "@salus/base";
import type {
  AccountChange,
  AccountInfo,
  AttemptId,
  ChainHead,
  ChainPage,
  CodeSent,
  DirectoryInfo,
  Done,
  FactorCode,
  FactorId,
  NewMailbox,
  OpenedSession,
  OwnLeavesPage,
  PasskeyAttestation,
  PasskeyOptions,
  PasskeyQuestion,
  PasswordFinish,
  PasswordRegistration,
  PasswordResponse,
  PhoneNumber,
  PhraseChange,
  RecoveryStart,
  RecoveryStarted,
  SecondProof,
  SessionId,
  SessionsPage,
  SignInFinish,
  SignInFinished,
  SignInStart,
  SignInStarted,
  SignUpFinish,
  SignUpStart,
  SignUpStarted,
  StepUpDone,
  StepUpFinish,
  StepUpStart,
  StepUpStarted,
  TotpSecret,
} from "@salus/protocol";
import type { LogPort } from "../log/port.ts";
import type { DirectoryCaller, DirectoryResult } from "./call.ts";
import type { DiscoveryPort } from "./discovery-port.ts";

/**
 * The untrusted directory: its routes as functions. Answers have the right shape and are otherwise
 * not to be believed. Spec: directory-api.
 */
export interface Directory extends DiscoveryPort, LogPort {
  about(): DirectoryResult<DirectoryInfo>;

  signUp(caller: DirectoryCaller, start: SignUpStart): DirectoryResult<SignUpStarted>;
  finishSignUp(
    caller: DirectoryCaller,
    signUp: AttemptId,
    finish: SignUpFinish,
  ): DirectoryResult<OpenedSession>;
  signIn(caller: DirectoryCaller, start: SignInStart): DirectoryResult<SignInStarted>;
  finishSignIn(
    caller: DirectoryCaller,
    signIn: AttemptId,
    finish: SignInFinish,
  ): DirectoryResult<SignInFinished>;
  /** Have a code sent, if there is a number: the answer is the same if there is none. */
  sendCode(caller: DirectoryCaller, signIn: AttemptId): DirectoryResult<CodeSent>;
  passkeyOptions(
    caller: DirectoryCaller,
    question: PasskeyQuestion,
  ): DirectoryResult<PasskeyOptions>;
  secondFactor(
    caller: DirectoryCaller,
    signIn: AttemptId,
    proof: SecondProof,
  ): DirectoryResult<OpenedSession>;

  sessions(caller: DirectoryCaller): DirectoryResult<SessionsPage>;
  endSession(caller: DirectoryCaller, session: SessionId): DirectoryResult<Done>;
  endSessions(caller: DirectoryCaller): DirectoryResult<Done>;
  stepUp(caller: DirectoryCaller, start: StepUpStart): DirectoryResult<StepUpStarted>;
  finishStepUp(
    caller: DirectoryCaller,
    stepUp: AttemptId,
    finish: StepUpFinish,
  ): DirectoryResult<StepUpDone>;

  account(caller: DirectoryCaller): DirectoryResult<AccountInfo>;
  changeAccount(caller: DirectoryCaller, change: AccountChange): DirectoryResult<Done>;
  accountChain(caller: DirectoryCaller, from: number): DirectoryResult<ChainPage>;
  appendAccount(caller: DirectoryCaller, links: readonly Bytes[]): DirectoryResult<ChainHead>;
  /** The account's own leaves in the log, from one number on, with proofs for a tree of `size`. */
  accountLog(caller: DirectoryCaller, from: number, size: number): DirectoryResult<OwnLeavesPage>;
  startPassword(
    caller: DirectoryCaller,
    request: PasswordRegistration,
  ): DirectoryResult<PasswordResponse>;
  finishPassword(caller: DirectoryCaller, finish: PasswordFinish): DirectoryResult<Done>;
  replacePhrase(caller: DirectoryCaller, change: PhraseChange): DirectoryResult<Done>;

  startTotp(caller: DirectoryCaller): DirectoryResult<TotpSecret>;
  finishTotp(caller: DirectoryCaller, code: FactorCode): DirectoryResult<Done>;
  startPhone(caller: DirectoryCaller, phone: PhoneNumber): DirectoryResult<CodeSent>;
  finishPhone(caller: DirectoryCaller, code: FactorCode): DirectoryResult<Done>;
  startPasskey(caller: DirectoryCaller): DirectoryResult<PasskeyOptions>;
  finishPasskey(caller: DirectoryCaller, made: PasskeyAttestation): DirectoryResult<Done>;
  removeFactor(caller: DirectoryCaller, factor: FactorId): DirectoryResult<Done>;
  /** Name the mailbox that requests to this account are sent to. */
  setMailbox(caller: DirectoryCaller, named: NewMailbox): DirectoryResult<Done>;

  recover(caller: DirectoryCaller, start: RecoveryStart): DirectoryResult<RecoveryStarted>;
  recoveryChain(
    caller: DirectoryCaller,
    recovery: AttemptId,
    from: number,
  ): DirectoryResult<ChainPage>;
  startRecoveredPassword(
    caller: DirectoryCaller,
    recovery: AttemptId,
    request: PasswordRegistration,
  ): DirectoryResult<PasswordResponse>;
  finishRecovery(
    caller: DirectoryCaller,
    recovery: AttemptId,
    finish: PasswordFinish,
  ): DirectoryResult<OpenedSession>;
}
