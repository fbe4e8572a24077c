-- AlterTable
ALTER TABLE "uploads" ADD COLUMN     "held_bytes" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "tus_metadata" TEXT;

-- What has arrived in full takes its room. Of the rest the next sweep finds how much has arrived.
UPDATE "uploads" SET "held_bytes" = "received_bytes" WHERE "state" = 'VERIFYING';
