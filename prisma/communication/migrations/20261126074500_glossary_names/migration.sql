-- Relationships, session revocations and the identity provider are called so everywhere.
ALTER TYPE "tie" RENAME TO "relationship_kind";
ALTER TABLE "relations" RENAME TO "relationships";
ALTER TABLE "relationships" RENAME COLUMN "tie" TO "kind";
ALTER TABLE "relationships" RENAME CONSTRAINT "relations_pkey" TO "relationships_pkey";
ALTER TABLE "relationships" RENAME CONSTRAINT "relations_user_id_fkey" TO "relationships_user_id_fkey";
ALTER TABLE "relationships" RENAME CONSTRAINT "relations_other_id_fkey" TO "relationships_other_id_fkey";
ALTER INDEX "relations_user_id_tie_since_other_id_idx" RENAME TO "relationships_user_id_kind_since_other_id_idx";
ALTER INDEX "relations_other_id_idx" RENAME TO "relationships_other_id_idx";

ALTER TABLE "endings" RENAME TO "session_revocations";
ALTER TABLE "session_revocations" RENAME CONSTRAINT "endings_pkey" TO "session_revocations_pkey";
ALTER INDEX "endings_ended_at_idx" RENAME TO "session_revocations_ended_at_idx";

ALTER TABLE "outside_identities" RENAME TO "identity_provider_accounts";
ALTER TABLE "identity_provider_accounts"
  RENAME CONSTRAINT "outside_identities_pkey" TO "identity_provider_accounts_pkey";
ALTER TABLE "identity_provider_accounts"
  RENAME CONSTRAINT "outside_identities_user_id_fkey" TO "identity_provider_accounts_user_id_fkey";
ALTER INDEX "outside_identities_user_id_idx" RENAME TO "identity_provider_accounts_user_id_idx";
